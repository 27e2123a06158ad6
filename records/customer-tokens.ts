import { randomUUID } from 'node:crypto';
import type { Selectable, Transaction } from 'kysely';
import type { BusinessId, WabaId } from '../contract/ids';
import type { NamespaceDatabase } from './database';
import type { CustomerTokenRow, Tables, TokenEventRow } from './schema';
import { resealEach, type Resealed, type Sealing } from './sealing';

/** What is known of a customer's token, without it. Times are ISO 8601 UTC. */
export interface HeldToken {
  wabaId: WabaId;
  businessId: BusinessId | null;
  customerId: string | null;
  scopes: string[];
  /** `null` for one that does not expire. */
  expiresAt: string | null;
  keptAt: string;
  /** Since when Meta refuses it; `null` while it does not. */
  invalidSince: string | null;
  /** Meta's reason. */
  problem: string | null;
}

export interface NewToken {
  wabaId: WabaId;
  businessId: BusinessId | null;
  customerId: string | null;
  token: string;
  scopes: readonly string[];
  expiresAt: string | null;
  /** Who brought it. */
  by: string;
  at: string;
}

/** What was done with a token. */
export type TokenEvent = Pick<TokenEventRow, 'what' | 'by' | 'at' | 'detail'>;

/** The customers' business tokens, one for each WABA, sealed under it. All reject with `RecordsError`. */
export class CustomerTokens {
  constructor(
    private readonly records: NamespaceDatabase,
    private readonly sealing: Sealing,
  ) {}

  /** In the place of an earlier one. One as old as the one that is held, such as a repeat, changes nothing. */
  async keep(kept: NewToken): Promise<void> {
    const { wabaId, businessId, customerId, token, scopes, expiresAt, by, at } = kept;
    const row = { namespace: this.records.namespace, waba_id: wabaId };
    const values = {
      business_id: businessId,
      customer_id: customerId,
      ...rowOf(this.sealing.seal(token, this.#place(wabaId))),
      scopes: JSON.stringify(scopes),
      expires_at: expiresAt,
      kept_at: at,
      invalid_since: null,
      problem: null,
    };
    await this.records.write(async (tx) => {
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('customer_tokens')
        .values({ ...row, ...values })
        .onConflict((on) =>
          on.columns(['namespace', 'waba_id']).doUpdateSet(values).where('customer_tokens.kept_at', '<', at),
        )
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 0n) await this.#note(tx, wabaId, { what: 'kept', by, at });
    });
  }

  /** With the token, for calls on the customer's assets; `null` where none is held. */
  async of(wabaId: WabaId): Promise<(HeldToken & { token: string }) | null> {
    const row = await this.#row(wabaId);
    return row && { ...heldToken(row), token: this.#open(row) };
  }

  async held(wabaId: WabaId): Promise<HeldToken | null> {
    const row = await this.#row(wabaId);
    return row && heldToken(row);
  }

  /** Of all WABAs. */
  async all(): Promise<HeldToken[]> {
    const rows = await this.records.use((db) =>
      db
        .selectFrom('customer_tokens')
        .selectAll()
        .where('namespace', '=', this.records.namespace)
        .orderBy('waba_id')
        .execute(),
    );
    return rows.map(heldToken);
  }

  /**
   * Meta has refused the one that was kept at that time. One that has taken its place while the call was under way is another
   * one, and stays as it is.
   *
   * @returns whether it was not known to be refused
   */
  invalid(
    { wabaId, keptAt }: Pick<HeldToken, 'wabaId' | 'keptAt'>,
    problem: string,
    at: string,
  ): Promise<boolean> {
    return this.records.write(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('customer_tokens')
        .set({ invalid_since: at, problem })
        .where('namespace', '=', this.records.namespace)
        .where('waba_id', '=', wabaId)
        .where('invalid_since', 'is', null)
        .where('kept_at', '=', keptAt)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await this.#note(tx, wabaId, { what: 'refused', by: null, at, detail: problem });
      return true;
    });
  }

  /**
   * A token that is not there is destroyed already.
   *
   * @param keptUntil one that was kept later was brought since, and stays
   */
  async destroy(wabaId: WabaId, at: string, keptUntil = at): Promise<void> {
    await this.records.write(async (tx) => {
      const { numDeletedRows } = await tx
        .deleteFrom('customer_tokens')
        .where('namespace', '=', this.records.namespace)
        .where('waba_id', '=', wabaId)
        .where('kept_at', '<=', keptUntil)
        .executeTakeFirst();
      if (numDeletedRows > 0n) await this.#note(tx, wabaId, { what: 'destroyed', by: null, at });
    });
  }

  /** For a person: who reads it is on record before it is shown. `null` where none is held. */
  read(wabaId: WabaId, by: string, at: string): Promise<string | null> {
    return this.records.write(async (tx) => {
      const row = await this.#row(wabaId, tx);
      if (!row) return null;
      const token = this.#open(row);
      await this.#note(tx, wabaId, { what: 'read', by, at });
      return token;
    });
  }

  /** What was done with a WABA's tokens, oldest first. */
  events(wabaId: WabaId): Promise<TokenEvent[]> {
    return this.records.use((db) =>
      db
        .selectFrom('token_events')
        .select(['what', 'by', 'at', 'detail'])
        .where('namespace', '=', this.records.namespace)
        .where('waba_id', '=', wabaId)
        .orderBy('at')
        .execute(),
    );
  }

  /** Seals with the first of PAYLOAD_KEYS what another one sealed. What cannot be read is named and stays as it is. */
  async reseal(): Promise<Resealed<{ wabaId: string }>> {
    return resealEach(
      await this.#sealedOtherwise(),
      ({ waba_id }) => this.#resealOne(waba_id),
      ({ waba_id: wabaId }) => ({ wabaId }),
    );
  }

  #resealOne(wabaId: string): Promise<boolean> {
    return this.records.write(async (tx) => {
      const row = await this.#row(wabaId, tx);
      if (!row || row.key_id === this.sealing.keyId) return false;
      await tx
        .updateTable('customer_tokens')
        .set(rowOf(this.sealing.seal(this.#open(row), this.#place(wabaId))))
        .where('namespace', '=', this.records.namespace)
        .where('waba_id', '=', wabaId)
        .execute();
      return true;
    });
  }

  #sealedOtherwise() {
    return this.records.use((db) =>
      db
        .selectFrom('customer_tokens')
        .select('waba_id')
        .where('namespace', '=', this.records.namespace)
        .where('key_id', '!=', this.sealing.keyId)
        .orderBy('waba_id')
        .execute(),
    );
  }

  async #row(wabaId: string, within?: Transaction<Tables>): Promise<Selectable<CustomerTokenRow> | null> {
    const find = (db: Pick<Transaction<Tables>, 'selectFrom'>) =>
      db
        .selectFrom('customer_tokens')
        .selectAll()
        .where('namespace', '=', this.records.namespace)
        .where('waba_id', '=', wabaId)
        .executeTakeFirst();
    return (await (within ? find(within) : this.records.use(find))) ?? null;
  }

  #open({ key_id: keyId, sealed, waba_id }: CustomerTokenRow): string {
    return this.sealing.open({ keyId, sealed }, this.#place(waba_id));
  }

  #place(wabaId: string): string[] {
    return ['customer', this.records.namespace, wabaId];
  }

  async #note(
    tx: Transaction<Tables>,
    wabaId: string,
    { detail = null, ...event }: Omit<TokenEvent, 'detail'> & { detail?: string | null },
  ): Promise<void> {
    const { namespace } = this.records;
    await tx
      .insertInto('token_events')
      .values({ namespace, id: randomUUID(), waba_id: wabaId, detail, ...event })
      .execute();
  }
}

const rowOf = ({ keyId, sealed }: { keyId: string; sealed: Uint8Array }) => ({ key_id: keyId, sealed });

const heldToken = (row: CustomerTokenRow): HeldToken => ({
  wabaId: row.waba_id as WabaId,
  businessId: row.business_id as BusinessId | null,
  customerId: row.customer_id,
  scopes: JSON.parse(row.scopes) as string[],
  expiresAt: row.expires_at,
  keptAt: row.kept_at,
  invalidSince: row.invalid_since,
  problem: row.problem,
});
