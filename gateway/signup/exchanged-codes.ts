import { setTimeout } from 'node:timers/promises';
import type { Logger } from '../../settings/logger';
import type { SignupExchange, SignupExchanges } from '../../records';
import type { WabaId } from '../../contract/ids';
import { HttpError } from '../http-error';
import { RecentRequests, requestId } from '../idempotency';
import type { Connections } from './connections';
import { SpentCodeError, type MetaApp } from './meta-app';
import type { Session } from './session-tokens';

/** Of the thirty seconds that a code lives, a few are gone when it comes. */
const codeLife = 28_000;
/** How long a token is offered to records that cannot be written, in milliseconds. */
const keepTrying = 120_000;
/** Records that hang must not cost a code its life: so long, in milliseconds, they are waited for beside it. */
const recordsWithin = 2_000;
/** How long another gateway may take between Meta's answer and the record of it. */
const anothersRecord = 1_000;

interface Dependencies {
  exchanges: SignupExchanges;
  connections: Connections;
  app: MetaApp;
  /** Keys the hash that a code is known by. */
  secret: string;
  logger: Logger;
}

/** The codes of signups, each exchanged once at Meta and its token sealed into the records before anything else. */
export class ExchangedCodes {
  readonly #recent = new RecentRequests();

  constructor(private readonly dependencies: Dependencies) {}

  /**
   * Settles when the token is in the records. A repeat of a code, at this gateway or another one, has the same end.
   *
   * @param named what the popup's messages of the session have named until it is called
   * @throws {HttpError} 410 for a code that is too old or was used, 503 where Meta or the records do not answer
   */
  exchange(session: Session, code: string, named: () => WabaId[]): Promise<'accepted' | 'duplicate'> {
    const id = requestId(this.dependencies.secret, 'signup code', code);
    return this.#recent.once(id, () => this.#exchange(session, code, named, id));
  }

  async #exchange(session: Session, code: string, named: () => WabaId[], id: string): Promise<void> {
    const { exchanges, connections, app } = this.dependencies;
    const now = Date.now();
    // Records that do not answer must not cost the code: there is time for them once it is exchanged.
    const before = await inTime(exchanges.find(id));
    if (before) {
      checkEnd(before);
      return;
    }
    const { id: ofSession, customerId, phoneNumber } = session;
    const at = new Date(now).toISOString();
    const added = () => ({ id, session: ofSession, customerId, phoneNumber, at, named: named() });
    let token: string;
    try {
      token = await app.exchange(code, now + codeLife);
    } catch (error) {
      if (!(error instanceof SpentCodeError)) {
        throw new HttpError(503, 'Meta could not be asked for the token of this signup.', { cause: error });
      }
      const another = await this.#exchangedElsewhere(id);
      if (another) {
        checkEnd(another);
        return;
      }
      await inTime(exchanges.fail(added(), `The code brought no token: ${error.message}`));
      throw spent();
    }
    let kept = added();
    await this.#keep(() => exchanges.keep((kept = added()), token));
    // What was named while the records were written.
    if (named().length > kept.named.length) await inTime(exchanges.name(ofSession, named(), at));
    connections.goOn();
  }

  /** Two gateways that get the same code at once: Meta answers one of them. */
  async #exchangedElsewhere(id: string): Promise<SignupExchange | null> {
    for (const until = Date.now() + anothersRecord; Date.now() < until;) {
      const found = await inTime(this.dependencies.exchanges.find(id));
      if (found) return found;
      await setTimeout(250);
    }
    return null;
  }

  /** There is no second token for this code. */
  async #keep(keep: () => Promise<void>): Promise<void> {
    for (const until = Date.now() + keepTrying; ;) {
      try {
        await keep();
        return;
      } catch (error) {
        this.dependencies.logger.error(
          { reason: (error as Error).message },
          'a token of a signup waits, for the records cannot be written',
        );
        if (Date.now() > until) {
          throw new HttpError(503, 'The records could not be written: sign in again.', { cause: error });
        }
        await setTimeout(1_000);
      }
    }
  }
}

/** What the records answer; `null` where they fail or hang, and what was asked of them goes on. */
const inTime = <Answer>(asked: Promise<Answer>): Promise<Answer | null> =>
  Promise.race([asked, setTimeout(recordsWithin, null, { ref: false })]).catch(() => null);

/** @throws {HttpError} 410 where it brought no token */
function checkEnd({ problem, keptFor, nextTryAt }: SignupExchange): void {
  if (problem !== null && keptFor === null && nextTryAt === null) throw spent();
}

const spent = () =>
  new HttpError(410, 'The code of this sign-in is too old or was used before: sign in again.');
