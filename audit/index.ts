export {
  auditExported,
  auditKept,
  auditLives,
  auditNumber,
  auditRun,
  readingConverter,
  type Audit,
  type AuditedRun,
  type LifeAudit,
} from './audit';
export type { Finding } from './compare/finding';
export { compareFile } from './compare/file';
export {
  formats,
  headingOf,
  render,
  renderAt,
  renderLives,
  renderSources,
  renderVerdict,
  type Format,
} from './render';
export type { Row } from './rows';
