import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { WabaId } from '../../contract/ids';
import { openRecords } from '../../records';
import { needs, readSettings } from '../../settings';
import { Laptop } from '../client/laptop';
import { signupGateway, signupToken } from '../signup/signup-gateway';
import { until } from '../signup/until';
import { verifiedNumbers } from '../signup/verified-numbers';
import { startChromium } from './chromium';
import { SignupPage } from './signup-page';

// Servers and a browser start, on machines that may be small.
jest.setTimeout(180_000);

/** How long Temporal stays away once the code is safe; a minute shows what one does not see in a moment. */
const awayFor = Number(process.env['TEMPORAL_AWAY_SECONDS'] ?? 0) * 1000;
const number = '15550840001';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

test('a customer who finishes while Temporal is down keeps their token, is told once they are saved, and is connected', async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'preverified-')), 'temporal.db');
  const laptop = await Laptop.start({}, {}, { file });
  ends.push(() => laptop.close());
  const pool = laptop.pool();
  const gateway = await signupGateway(laptop);
  ends.push(() => gateway.close());
  const records = await openRecords(readSettings(needs.records, laptop.env));
  ends.push(() => records.close());
  const browser = await startChromium();
  ends.push(() => browser.close());

  await verifiedNumbers(pool, laptop.sim, [number]);
  const token = await signupToken(gateway, 'acme');
  const page = await SignupPage.open(await browser.newContext(), `${gateway.url}/signup#${token}`);
  await page.is('ready');
  const popup = await page.openPopup();
  await popup.goTo('DONE');
  await laptop.outage(async () => {
    await popup.finish();
    await page.is('saving');
    const waba = await until(async () => (await laptop.sim.wabas())[0]);
    await until(() => records.customerTokens.of(waba.wabaId as WabaId));
    await setTimeout(awayFor);
    await page.is('saving');
  });
  await page.is('done');
  const { claim } = await pool.waitFor(number, 'Registered', { timeout: 60_000 });
  expect(claim).toMatchObject({ customerId: 'acme' });
  const customer = await until(async () => {
    const found = await pool.getCustomer(claim!.wabaId).catch(() => null);
    return found?.state === 'Connected' && found;
  });
  expect(customer).toMatchObject({ customerId: 'acme', tokenHeld: true });
});
