export {
  auditExported,
  auditKept,
  auditNumber,
  auditRun,
  readingConverter,
  type Audit,
  type AuditedRun,
} from './audit';
export type { Finding } from './compare/finding';
export { formats, render, renderSources, renderVerdict, type Format } from './render';
export type { Row } from './rows';
