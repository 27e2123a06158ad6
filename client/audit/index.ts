export { auditExported, auditNumber, readingConverter, type Audit, type AuditedRun } from './audit';
export { formats, render, renderVerdict, type Format } from './render';
export type { Finding } from './replay';
export type { Row } from './rows';
