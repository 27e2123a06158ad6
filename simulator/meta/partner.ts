import type { App } from './app';
import type { Meta } from './meta';

/** The portfolio that signs customers up by the app: the app's, else the one that filled a pool first; `null` if nobody did. */
export function partnerOf(meta: Meta, app: App | null): string | null {
  const first = [...meta.businesses.values()].find(({ pool }) => pool.length > 0);
  return app?.portfolioId ?? first?.id ?? null;
}
