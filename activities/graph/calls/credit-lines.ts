import * as v from 'valibot';
import type { BusinessId, PortfolioId, WabaId } from '../../../contract/ids';
import { GraphError } from '../graph-error';
import type { Lists } from '../paging';
import { asText, lenient, Success, text } from '../parsers';
import type { GraphRequest, Send } from '../send';
import { clientWabas } from './accounts';

const CreditLine = v.pipe(
  v.object({ id: asText, legal_entity_name: text }),
  v.transform(({ id, legal_entity_name }) => ({ id, legalEntityName: legal_entity_name })),
);

const named = lenient(v.object({ id: asText }));

/** One customer's share of a credit line: Meta calls it an allocation config. */
const Allocation = v.object({
  id: asText,
  request_status: text,
  receiving_business: named,
  receiving_credential: named,
});
const allocationFields = 'id,request_status,receiving_business{id},receiving_credential{id}';

const WabaFunding = v.object({ primary_funding_id: text, owner_business_info: named });
const fundingFields = 'id,primary_funding_id,owner_business_info';

/** A share that was ended stands in lists for good, with this status. */
const isLive = ({ request_status }: { request_status: string | null }) => request_status !== 'DELETED';

/** Calls on a Solution Partner's credit line: with the system token alone (docs/rules.md, Whose token). */
export const creditLineCalls = (send: Send, lists: Lists) => ({
  async readCreditLines(portfolioId: PortfolioId) {
    const params = { fields: 'id,legal_entity_name' };
    const lines: v.InferOutput<typeof CreditLine>[] = [];
    const request: GraphRequest = { method: 'GET', path: `${portfolioId}/extendedcredits`, params };
    for await (const line of lists.all(request, CreditLine)) lines.push(line);
    return lines;
  },

  /** `currency`: ISO 4217. A WABA keeps the currency of its first share. */
  async shareCreditLine(
    creditLineId: string,
    wabaId: WabaId,
    currency: string,
  ): Promise<{ allocationConfigId: string }> {
    const path = `${creditLineId}/whatsapp_credit_sharing_and_attach`;
    const params = { waba_id: wabaId, waba_currency: currency };
    const answer = await send({ method: 'POST', path, params }, v.object({ allocation_config_id: asText }));
    return { allocationConfigId: answer.allocation_config_id };
  },

  /**
   * The shares of the credit line that may pay for the WABA, for reading before writing again: one, or none, as a rule.
   * The WABA says by which credential it is funded. A WABA that the token may not see (the customer has left) cannot
   * say so: then they are those of the customer's portfolio that pay for none of their other WABAs.
   */
  async findCreditSharings(
    creditLineId: string,
    wabaId: WabaId,
    gone?: { businessId: BusinessId; portfolioId: PortfolioId | null },
  ): Promise<{ allocationConfigId: string; requestStatus: string | null }[]> {
    const waba = await readFunding(send, wabaId, gone !== undefined);
    if (waba && waba.primary_funding_id === null) return [];
    const owner = waba?.owner_business_info?.id ?? gone?.businessId;
    const path = `${creditLineId}/owning_credit_allocation_configs`;
    const params = { fields: allocationFields, receiving_business_id: owner };
    const found: v.InferOutput<typeof Allocation>[] = [];
    for await (const share of lists.all({ method: 'GET', path, params }, Allocation)) {
      const pays = waba
        ? share.receiving_credential?.id === waba.primary_funding_id
        : share.receiving_business?.id === owner;
      if (pays && isLive(share)) found.push(share);
    }
    const paying =
      !waba && found.length > 0 && gone?.portfolioId ? await credentialsOf(lists, gone.portfolioId) : null;
    return found
      .filter((each) => !paying?.has(each.receiving_credential?.id ?? null))
      .map((share) => ({ allocationConfigId: share.id, requestStatus: share.request_status }));
  },

  async readCreditSharing(allocationConfigId: string): Promise<{ requestStatus: string | null }> {
    const params = { fields: 'id,request_status' };
    const answer = await send(
      { method: 'GET', path: allocationConfigId, params },
      v.object({ request_status: text }),
    );
    return { requestStatus: answer.request_status };
  },

  /** Ends a share. What has become of it, `readCreditSharing` says: `DELETED`. */
  async revokeCreditSharing(allocationConfigId: string): Promise<void> {
    await send({ method: 'DELETE', path: allocationConfigId }, Success);
  },
});

/** By what the WABAs are funded that customers share with the portfolio. */
async function credentialsOf(lists: Lists, portfolioId: PortfolioId): Promise<ReadonlySet<string | null>> {
  const paying = new Set<string | null>();
  for await (const { primary_funding_id } of lists.all(clientWabas(portfolioId, fundingFields), WabaFunding))
    if (primary_funding_id !== null) paying.add(primary_funding_id);
  return paying;
}

/** @returns `null` for a WABA that the token may not see, where the caller can do without */
async function readFunding(send: Send, wabaId: WabaId, dispensable: boolean) {
  const params = { fields: fundingFields };
  try {
    return await send({ method: 'GET', path: wabaId, params }, WabaFunding);
  } catch (error) {
    if (dispensable && error instanceof GraphError && /^(10|33|100|803|2\d\d)(\/|$)/.test(error.code))
      return null;
    throw error;
  }
}
