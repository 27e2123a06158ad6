export { createGraphClient, type GraphClient, type GraphClientOptions } from './client';
export type { ClaimDialect } from './calls/business-phone-numbers';
export type { BusinessPhoneNumber } from './business-phone-number';
export type { PreverifiedNumber } from './preverified-number';
export { errorTable, rowFor, unknownError, type ErrorRow, type Handling } from './error-table';
export { GraphError, isGraphError } from './graph-error';
export { NoAnswerError } from './no-answer-error';
export { UnreadableAnswerError } from './unreadable-answer-error';
export { digitsOf } from './parsers';
