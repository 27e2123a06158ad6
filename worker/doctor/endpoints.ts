import type { Settings } from '../../settings';
import { loadEndpoints } from '../webhooks/endpoints';
import type { Finding } from './check';

/** Reads the file of WEBHOOK_ENDPOINTS as a worker would; says whom it tells, and never where or by what secret. */
export function lookAtEndpoints({ worker: { webhookEndpoints, portfolioId } }: Settings<'worker'>): Finding {
  const { endpoints } = loadEndpoints(webhookEndpoints);
  if (endpoints.length === 0) return 'none: nobody is told what happens to numbers';
  const rotating = endpoints.filter(({ secrets }) => secrets.length > 1).map(({ name }) => name);
  const detail = `told are ${endpoints.map(({ name }) => name).join(', ')}${rotating.length > 0 ? `; two secrets sign for ${rotating.join(', ')}` : ''}`;
  return portfolioId === null
    ? { detail, remedy: 'set PORTFOLIO_ID for the worker too, to be warned of what will soon be too late' }
    : detail;
}
