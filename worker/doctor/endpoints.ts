import type { Settings } from '../../settings';
import { loadEndpoints } from '../webhooks/endpoints';
import type { Finding } from './check';

/** Reads the file of WEBHOOK_ENDPOINTS as a worker would; names the endpoints, never their addresses or secrets. */
export function checkEndpoints({ worker: { webhookEndpoints, portfolioId } }: Settings<'worker'>): Finding {
  const { endpoints } = loadEndpoints(webhookEndpoints);
  if (endpoints.length === 0) return 'none: no webhooks are sent';
  const rotating = endpoints.filter(({ secrets }) => secrets.length > 1).map(({ name }) => name);
  const detail = `webhooks go to ${endpoints.map(({ name }) => name).join(', ')}${rotating.length > 0 ? `; two secrets sign for ${rotating.join(', ')}` : ''}`;
  return portfolioId === null
    ? { detail, remedy: 'set PORTFOLIO_ID for the worker too, to be warned of what will soon be too late' }
    : detail;
}
