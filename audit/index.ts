export {
  auditExported,
  auditLives,
  auditNumber,
  readingConverter,
  type Audit,
  type LifeAudit,
} from './audit';
export { auditRun, type AuditedRun } from './audited-run';
export type { Finding } from './compare/finding';
export { compareFile } from './compare/file';
export {
  formats,
  headingOf,
  isForPrograms,
  render,
  renderAt,
  renderLives,
  renderSources,
  renderVerdict,
  type Format,
} from './render';
export type { Row } from './rows';
