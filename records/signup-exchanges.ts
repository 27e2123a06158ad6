import { expressionBuilder, sql, type Selectable, type UpdateObject } from 'kysely';
import type { WabaId } from '../contract/ids';
import { writtenForms } from '../contract/phone-number';
import { Batches } from './batches';
import type { CustomerTokens } from './customer-tokens';
import type { NamespaceDatabase } from './database';
import type { SignupExchangeRow, Tables } from './schema';
import { resealEach, type Resealed, type Sealing } from './sealing';

/** A code that a signup brought, and what has become of it. Times are ISO 8601 UTC. */
export interface SignupExchange {
  /** A keyed hash of the code. */
  id: string;
  /** The signup session that it came in. */
  session: string;
  customerId: string;
  phoneNumber: string;
  at: string;
  /** The WABAs that the popup's messages named: hints, since they come from a browser. */
  named: WabaId[];
  /** Those that Meta says the customer granted, the newest first; `null` until it was asked. */
  granted: WabaId[] | null;
  /** Those that the token is kept for; `null` while it is kept here. */
  keptFor: WabaId[] | null;
  /** When the customer's workflow heard of it. */
  signalledAt: string | null;
  /** Why there is no token, or why the next step has not been done yet. */
  problem: string | null;
  /** When the next step is to be tried; `null` where none is left. */
  nextTryAt: string | null;
  tries: number;
}

type NewExchange = Pick<SignupExchange, 'id' | 'session' | 'customerId' | 'phoneNumber' | 'at' | 'named'>;
type Step = Partial<
  Pick<SignupExchange, 'granted' | 'keptFor' | 'signalledAt' | 'problem' | 'nextTryAt' | 'tries'>
>;

/**
 * The codes of signups on their way to a customer: a code that was exchanged must not be lost while its WABA is unknown or
 * Temporal is down, and a repeat of it must find what became of it. All reject with `RecordsError`.
 */
export class SignupExchanges {
  readonly #kept = new Batches<SignupExchangeRow>((rows) => this.#insert(rows));

  constructor(
    private readonly records: NamespaceDatabase,
    private readonly sealing: Sealing,
    private readonly customerTokens: CustomerTokens,
  ) {}

  async find(id: string): Promise<SignupExchange | null> {
    const row = await this.#row(id);
    return row && exchange(row);
  }

  /**
   * Keeps the token that a code was exchanged for, sealed; the next step is due. Once more changes nothing. A gateway that
   * got the same code, and heard from Meta that it was used, may have put a failure there meanwhile: the token goes first.
   */
  async keep(added: NewExchange, token: string): Promise<void> {
    const { keyId, sealed } = this.sealing.seal(token, this.#place(added.id));
    const what = { key_id: keyId, sealed, problem: null, next_try_at: added.at };
    await this.#kept.add(this.#rowOf(added, what));
  }

  async #insert(rows: readonly SignupExchangeRow[]): Promise<void> {
    await this.records.use((db) =>
      db
        .insertInto('signup_exchanges')
        .values(rows)
        .onConflict((on) =>
          on
            .columns(['namespace', 'id'])
            .doUpdateSet((eb) => ({
              key_id: eb.ref('excluded.key_id'),
              sealed: eb.ref('excluded.sealed'),
              problem: null,
              next_try_at: eb.ref('excluded.next_try_at'),
            }))
            .where('signup_exchanges.problem', 'is not', null)
            .where('signup_exchanges.sealed', 'is', null)
            .where('signup_exchanges.kept_for', 'is', null),
        )
        .execute(),
    );
    await this.#takeOverNames(rows.map(({ session }) => session));
  }

  /** Puts on record why a code brought no token. */
  async fail(added: NewExchange, problem: string): Promise<void> {
    const row = this.#rowOf(added, { key_id: null, sealed: null, problem, next_try_at: null });
    await this.records.use((db) =>
      db
        .insertInto('signup_exchanges')
        .values(row)
        .onConflict((on) => on.doNothing())
        .execute(),
    );
    await this.#takeOverNames([added.session]);
  }

  /** The token, until it is kept under its WABA. */
  async tokenOf(id: string): Promise<string | null> {
    const row = await this.#row(id);
    if (!row?.sealed || row.key_id === null) return null;
    return this.sealing.open({ keyId: row.key_id, sealed: row.sealed }, this.#place(id));
  }

  /**
   * A message of the popup names WABAs. Where the code has come, its next step is due; a code that comes later, at whichever
   * gateway, finds them here.
   */
  async name(session: string, wabaIds: readonly WabaId[], at: string): Promise<void> {
    if (wabaIds.length === 0) return;
    const { namespace } = this.records;
    await this.records.use((db) =>
      db
        .insertInto('signup_names')
        .values(wabaIds.map((waba_id) => ({ namespace, session, waba_id, at })))
        .onConflict((on) => on.doNothing())
        .execute(),
    );
    // After that and not before: of a code that comes at the same time, one of the two finds the other.
    for (const row of await this.#rowsOf([session])) await this.#addNames(row, wabaIds, at);
  }

  /** What messages named before the code was here. Few have: mostly the gateway that got them gets the code, too. */
  async #takeOverNames(sessions: readonly string[]): Promise<void> {
    const names = await this.records.use((db) =>
      db
        .selectFrom('signup_names')
        .select(['session', 'waba_id'])
        .where('namespace', '=', this.records.namespace)
        .where('session', 'in', sessions)
        .orderBy('at')
        .execute(),
    );
    if (names.length === 0) return;
    for (const row of await this.#rowsOf(names.map(({ session }) => session))) {
      const ofRow = names.filter(({ session }) => session === row.session);
      await this.#addNames(
        row,
        ofRow.map(({ waba_id }) => waba_id as WabaId),
        row.at,
      );
    }
  }

  async #addNames(row: SignupExchangeRow, wabaIds: readonly WabaId[], at: string): Promise<void> {
    const { named } = exchange(row);
    const added = wabaIds.filter((wabaId) => !named.includes(wabaId));
    if (added.length === 0) return;
    const waits = row.sealed !== null || row.kept_for !== null;
    await this.#update(row.id, {
      named: JSON.stringify([...named, ...added]),
      ...(waits && { next_try_at: at }),
    });
  }

  /** A step has been done, or put off. A token that is kept for its WABAs is no longer kept here. */
  async step({ id, named }: SignupExchange, changes: Step): Promise<void> {
    const { granted, keptFor, signalledAt, problem, nextTryAt, tries } = changes;
    const done = {
      ...(granted !== undefined && { granted: JSON.stringify(granted) }),
      ...(keptFor !== undefined && { kept_for: JSON.stringify(keptFor), key_id: null, sealed: null }),
      ...(signalledAt !== undefined && { signalled_at: signalledAt }),
      ...(problem !== undefined && { problem }),
      ...(tries !== undefined && { tries }),
    };
    // What was named meanwhile has made the next step due.
    const next = nextTryAt !== undefined && {
      next_try_at: expressionBuilder<Tables, 'signup_exchanges'>()
        .case()
        .when('named', '=', JSON.stringify(named))
        .then(nextTryAt)
        .else(sql.ref<string | null>('next_try_at'))
        .end(),
    };
    const changed = { ...done, ...next };
    if (Object.keys(changed).length > 0) await this.#update(id, changed);
  }

  /** Forgets a token that no WABA was found for. */
  giveUp(id: string, problem: string): Promise<void> {
    return this.#update(id, { key_id: null, sealed: null, problem, next_try_at: null });
  }

  /** Takes those whose next step is due, the oldest first; whoever took them has until `until` before others try. */
  async take(now: string, until: string, atMost: number): Promise<SignupExchange[]> {
    const { namespace } = this.records;
    const rows = await this.records.use((db) =>
      db
        .updateTable('signup_exchanges')
        .set({ next_try_at: until })
        .where('namespace', '=', namespace)
        // Of two gateways one takes it: the other finds it no longer due.
        .where('next_try_at', '<=', now)
        .where('id', 'in', (due) =>
          due
            .selectFrom('signup_exchanges')
            .select('id')
            .where('namespace', '=', namespace)
            .where('next_try_at', '<=', now)
            .orderBy('next_try_at')
            .limit(atMost),
        )
        .returningAll()
        .execute(),
    );
    return rows.map(exchange).sort((one, other) => one.at.localeCompare(other.at));
  }

  /**
   * Why the last code of a signup for this number that named this WABA brought no token; `null` where one came. What a browser
   * names is a hint alone: anybody with a link of their own can name any WABA, and have their code fail.
   */
  async failureOf(wabaId: WabaId, phoneNumber: string): Promise<{ problem: string; at: string } | null> {
    if (await this.customerTokens.held(wabaId)) return null;
    const last = await this.records.use((db) =>
      db
        .selectFrom('signup_exchanges')
        .select(['problem', 'at', 'kept_for', 'key_id'])
        .where('namespace', '=', this.records.namespace)
        .where('phone_number', 'in', writtenForms(phoneNumber))
        .where('named', 'like', `%"${wabaId}"%`)
        .orderBy('at', 'desc')
        .limit(1)
        .executeTakeFirst(),
    );
    if (last?.problem == null || last.kept_for !== null || last.key_id !== null) return null;
    return { problem: last.problem, at: last.at };
  }

  /** Forgets those that came before `at` and have no step left, and what was named before it. */
  async forget(at: string): Promise<void> {
    await this.records.use((db) =>
      db
        .deleteFrom('signup_names')
        .where('namespace', '=', this.records.namespace)
        .where('at', '<', at)
        .execute(),
    );
    await this.records.use((db) =>
      db
        .deleteFrom('signup_exchanges')
        .where('namespace', '=', this.records.namespace)
        .where('next_try_at', 'is', null)
        .where('at', '<', at)
        .execute(),
    );
  }

  /** As `CustomerTokens.reseal`: tokens whose WABA is not known yet, so that it cannot name them. */
  async reseal(): Promise<Resealed<Pick<SignupExchange, 'customerId' | 'phoneNumber' | 'at'>>> {
    return resealEach(
      await this.#sealedOtherwise(),
      (row) => this.#resealOne(row),
      ({ customer_id: customerId, phone_number: phoneNumber, at }) => ({ customerId, phoneNumber, at }),
    );
  }

  async #resealOne({ id, key_id: keyId, sealed }: Selectable<SignupExchangeRow>): Promise<boolean> {
    if (keyId === null || sealed === null) return false;
    const again = this.sealing.seal(this.sealing.open({ keyId, sealed }, this.#place(id)), this.#place(id));
    const { numUpdatedRows } = await this.records.use((db) =>
      db
        .updateTable('signup_exchanges')
        .set({ key_id: again.keyId, sealed: again.sealed })
        .where('namespace', '=', this.records.namespace)
        .where('id', '=', id)
        // One that was moved to its WABA meanwhile has no key any more.
        .where('key_id', '=', keyId)
        .executeTakeFirst(),
    );
    return numUpdatedRows > 0n;
  }

  #sealedOtherwise() {
    return this.records.use((db) =>
      db
        .selectFrom('signup_exchanges')
        .selectAll()
        .where('namespace', '=', this.records.namespace)
        .where('key_id', '!=', this.sealing.keyId)
        .orderBy('at')
        .execute(),
    );
  }

  #rowOf(
    { id, session, customerId, phoneNumber, at, named }: NewExchange,
    what: Pick<SignupExchangeRow, 'key_id' | 'sealed' | 'problem' | 'next_try_at'>,
  ): SignupExchangeRow {
    return {
      ...{ namespace: this.records.namespace, id, session, at, named: JSON.stringify(named) },
      ...{ customer_id: customerId, phone_number: phoneNumber },
      ...{ granted: null, kept_for: null, signalled_at: null, tries: 0 },
      ...what,
    };
  }

  async #update(id: string, changes: UpdateObject<Tables, 'signup_exchanges'>): Promise<void> {
    await this.records.use((db) =>
      db
        .updateTable('signup_exchanges')
        .set(changes)
        .where('namespace', '=', this.records.namespace)
        .where('id', '=', id)
        .execute(),
    );
  }

  async #row(id: string): Promise<Selectable<SignupExchangeRow> | null> {
    const row = await this.records.use((db) =>
      db
        .selectFrom('signup_exchanges')
        .selectAll()
        .where('namespace', '=', this.records.namespace)
        .where('id', '=', id)
        .executeTakeFirst(),
    );
    return row ?? null;
  }

  async #rowsOf(sessions: readonly string[]): Promise<Selectable<SignupExchangeRow>[]> {
    return this.records.use((db) =>
      db
        .selectFrom('signup_exchanges')
        .selectAll()
        .where('namespace', '=', this.records.namespace)
        .where('session', 'in', sessions)
        .execute(),
    );
  }

  #place(id: string): string[] {
    return ['signup', this.records.namespace, id];
  }
}

const wabasIn = (json: string | null) => (json === null ? null : (JSON.parse(json) as WabaId[]));

const exchange = (row: SignupExchangeRow): SignupExchange => ({
  id: row.id,
  session: row.session,
  customerId: row.customer_id,
  phoneNumber: row.phone_number,
  at: row.at,
  named: JSON.parse(row.named) as WabaId[],
  granted: wabasIn(row.granted),
  keptFor: wabasIn(row.kept_for),
  signalledAt: row.signalled_at,
  problem: row.problem,
  nextTryAt: row.next_try_at,
  tries: row.tries,
});
