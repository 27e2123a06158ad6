import type { Footprint } from '../lifecycle/footprint';
import { wabaOf } from '../lifecycle/lives';
import type { Customers } from '../stack/customers';
import type { RestateServer } from './server';

/** What one life leaves behind at Restate and Meta. */
export interface RestateFootprint extends Pick<Footprint, 'graphCalls'> {
  invocations: number;
  journalEntries: number;
  stateBytes: number;
  /** Timers that were cancelled, or are never to end: each stays in the server until it is due. */
  timersLeft: number;
}

export async function restateFootprint(
  server: RestateServer,
  customers: Customers,
  number: string,
): Promise<RestateFootprint> {
  const sum = async (what: string, from: string) =>
    Number((await server.query(`SELECT ${what} AS sum FROM ${from}`))[0]?.['sum'] ?? NaN);
  const life = `sys_invocation WHERE target_service_key = '${number}'`;
  return {
    invocations: await sum('count(*)', life),
    journalEntries: await sum('count(*)', `sys_journal WHERE id IN (SELECT id FROM ${life})`),
    stateBytes: await sum('sum(length(value))', `state WHERE service_key = '${number}'`),
    timersLeft: await sum('count(*)', `${life} AND status = 'scheduled'`),
    graphCalls: await customers.graphCalls(number, wabaOf(number)),
  };
}
