import type { PortfolioId, WabaId } from '../contract/ids';
import { sameNumber, type BusinessPhoneNumber, type GraphClient, type PreverifiedNumber } from './graph';

/** The number in the portfolio's pool, `null` if it is not there. */
export async function findInPool(
  graph: GraphClient,
  portfolioId: PortfolioId,
  phoneNumber: string,
): Promise<PreverifiedNumber | null> {
  for await (const number of graph.listPreverifiedNumbers(portfolioId, { phoneNumber })) {
    if (sameNumber(number.phoneNumber, phoneNumber)) return number;
  }
  return null;
}

/** The number on the WABA, `null` if it is not there. A WABA holds few numbers: all are read, for spellings differ. */
export async function findOnWaba(
  graph: GraphClient,
  wabaId: WabaId,
  phoneNumber: string,
): Promise<BusinessPhoneNumber | null> {
  for await (const number of graph.listPhoneNumbers(wabaId)) {
    if (sameNumber(number.phoneNumber, phoneNumber)) return number;
  }
  return null;
}
