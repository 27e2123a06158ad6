import type { Browser } from 'playwright-core';
import type { NumberPool } from '../../client';
import type { Gateway } from '../../gateway';
import { Laptop } from '../client/laptop';
import { otp } from '../gateway/sender';
import { signupGateway, signupToken } from '../signup/signup-gateway';
import { verifiedNumbers } from '../signup/verified-numbers';
import { startChromium } from './chromium';
import { screenshot } from './screenshot';
import { SignupPage } from './signup-page';

// Servers and a browser start, on machines that may be small.
jest.setTimeout(120_000);

let laptop: Laptop;
let pool: NumberPool;
let gateway: Gateway;
let browser: Browser;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  laptop = await Laptop.start();
  ends.push(() => laptop.close());
  pool = laptop.pool();
  gateway = await signupGateway(laptop);
  ends.push(() => gateway.close());
  browser = await startChromium();
  ends.push(() => browser.close());
});

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

test('a customer who picks a number that has lapsed is shown its code on the page, and the number is registered', async () => {
  const number = '15550900001';
  await verifiedNumbers(pool, laptop.sim, [number]);
  const token = await signupToken(gateway, 'late');
  const customer = await browser.newContext({ viewport: { width: 900, height: 640 } });
  const page = await SignupPage.open(customer, `${gateway.url}/signup#${token}`);
  await page.is('ready');
  const shows = page.page.getByRole('button', { name: 'Show the code' });
  expect(await shows.isVisible()).toBe(false);

  const popup = await page.openPopup();
  await laptop.sim.advanceClock('91 days');
  await pool.refresh(number, {});
  await popup.goTo('PHONE_NUMBER_VERIFICATION');
  await shows.click();
  const output = page.page.locator('#code');
  await output.filter({ hasText: 'No code has come yet' }).waitFor();
  await screenshot(page.page, 'signup-8-no-code-yet');

  // What a telephone provider does with the message that the popup had sent.
  const { url, headers, body } = otp({ to: number, text: await laptop.sim.nextMessage(number) });
  expect((await fetch(gateway.url + url, { method: 'POST', headers, body })).status).toBe(202);
  await shows.click();
  await output.filter({ hasText: /^\d{6}$/ }).waitFor();
  await screenshot(page.page, 'signup-9-code');
  const again = page.page.waitForResponse('**/signup/code');
  await shows.click();
  expect((await again).status()).toBe(409);
  await popup.page.locator('[name=code]').fill(await output.innerText());
  await popup.finish();
  await page.is('done');
  expect(await shows.isVisible()).toBe(false);
  await pool.waitFor(number, 'Registered', { timeout: 30_000 });
  expect(await laptop.sim.calls({ call: 'request_code', number })).toHaveLength(1);
});
