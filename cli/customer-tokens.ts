import type { Command } from 'commander';
import type { Records } from '../records';
import { Failed } from './failed';
import { note, print, printJson } from './print';
import { byOption, jsonOption } from './with-pool';

/** `customers token` and `reseal`. */
export function registerCustomerTokens(customers: Command): void {
  registerToken(customers);
  registerReseal(customers);
}

function registerToken(customers: Command): void {
  customers
    .command('token <wabaId>')
    .description("a customer's access token; who reads it is on record")
    .addOption(byOption())
    .addOption(jsonOption())
    .action(async (wabaId: string, { by, json }: { by: string; json?: boolean }) => {
      const waba = await wabaIdIn(wabaId);
      await withRecords(async ({ customerTokens }) => {
        const held = await customerTokens.held(waba);
        const token = await customerTokens.read(waba, by, new Date().toISOString());
        if (token === null || !held) throw new Failed(`There is no token of WABA ${waba}.`);
        if (json) printJson({ ...held, token });
        else print(token);
        if (held.invalidSince !== null)
          note(`Meta refuses it since ${held.invalidSince}: ${held.problem ?? ''}`);
      });
    });
}

function registerReseal(customers: Command): void {
  customers
    .command('reseal')
    .description("seal customers' tokens with the first of PAYLOAD_KEYS, when keys rotate")
    .addOption(jsonOption())
    .action(({ json }: { json?: boolean }) =>
      withRecords(async ({ customerTokens, signupExchanges }) => {
        const kept = await customerTokens.reseal();
        const underWay = await signupExchanges.reseal();
        const resealed = kept.resealed + underWay.resealed;
        const unreadable = [...kept.unreadable, ...underWay.unreadable];
        if (json) printJson({ resealed, unreadable });
        else print(`${String(resealed)} tokens were sealed with the first of PAYLOAD_KEYS`);
        for (const { wabaId, reason } of kept.unreadable) note(`WABA ${wabaId}: ${reason}`);
        for (const { customerId, phoneNumber, at, reason } of underWay.unreadable)
          note(`The signup of ${customerId} with +${phoneNumber} at ${at}: ${reason}`);
        if (unreadable.length > 0) {
          throw new Failed(`${String(unreadable.length)} tokens could not be read, and stay as they are.`);
        }
      }),
    );
}

async function wabaIdIn(text: string) {
  const [v, { WabaId }] = await Promise.all([import('valibot'), import('../contract/ids')]);
  const read = v.safeParse(WabaId, text);
  if (!read.success) throw new Failed(`"${text}" is no WABA ID, which has digits alone.`);
  return read.output;
}

async function withRecords(act: (records: Records) => Promise<void>): Promise<void> {
  const [{ openRecords, openRecordsToRead }, { needs, readSettings }] = await Promise.all([
    import('../records'),
    import('../settings'),
  ]);
  const settings = readSettings(needs.records);
  // Opened to write, a file that is not there would be made, and hold nothing.
  await (await openRecordsToRead(settings)).close();
  const records = await openRecords(settings, { migrate: false });
  try {
    await act(records);
  } finally {
    await records.close();
  }
}
