import type { PortfolioId } from './ids';
import type { News, Telling } from './webhook-events';
import type { Standing } from './alerts';

/** Begins to tell: finds out who wants the news, and starts a `tell` workflow for each. Safe to repeat. */
export interface NewsActivities {
  /** `telling: false`: no worker has had endpoints for a while, nobody need be told from now on. */
  tellOthers(input: { news: News[] }): Promise<{ telling: boolean }>;
  /**
   * Tells what stands of warnings at `at` (epoch milliseconds) and did not before; gives back what stands. `null`: no
   * worker has had endpoints for a while.
   */
  warnOthers(input: { portfolioId: PortfolioId; before: Standing; at: number }): Promise<Standing | null>;
}

/** Endpoints are known by name, so that no address and no secret is written to Temporal. */
export interface TellingActivities {
  /** Posts the news, signed; a failure is retried. `leftOut`: the endpoint is in the file no more. */
  deliver(input: Telling): Promise<'taken' | 'leftOut'>;
}
