import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { NumberPool } from '../../client';
import type { Gateway } from '../../gateway';
import type { WabaId } from '../../contract/ids';
import { workflowIdOf } from '../../contract/workflow-ids';
import { Laptop } from '../client/laptop';
import { batch, meta, partnerAdded, secrets } from '../gateway/sender';
import { appSecret, signupGateway, signupToken } from '../signup/signup-gateway';
import { until } from '../signup/until';
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
  gateway = await signupGateway(laptop, undefined, {
    SIGNUP_PARTNER_NAME: 'Jasper & Sons',
    // Too light to be read on white.
    SIGNUP_COLOR: '#ffcc00',
    SIGNUP_PRIVACY_URL: 'https://www.example.com/privacy',
    SIGNUP_SUPPORT_URL: 'https://www.example.com/help',
    META_VERIFY_TOKEN: secrets.verifyToken,
  });
  ends.push(() => gateway.close());
  browser = await startChromium();
  ends.push(() => browser.close());
});

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

let contexts: BrowserContext[] = [];
afterEach(async () => {
  for (const context of contexts) await context.close();
  contexts = [];
  await laptop.sim.assume({ signupMessage: 'beforeCallback', signupCode: true });
});

let numbers = 0;
/** A customer with a number that nobody else can have, on the page. */
async function customer(
  customerId: string,
  { locale = 'en-US', width = 900, colorScheme }: Visitor = {},
): Promise<{ number: string; page: SignupPage }> {
  const number = `1555082${String(++numbers).padStart(4, '0')}`;
  await verifiedNumbers(pool, laptop.sim, [number]);
  const token = await signupToken(gateway, customerId);
  const context = await browser.newContext({
    locale,
    viewport: { width, height: 640 },
    ...(colorScheme && { colorScheme }),
  });
  contexts.push(context);
  const page = await SignupPage.open(context, `${gateway.url}/signup#${token}`);
  await page.is('ready');
  return { number, page };
}
interface Visitor {
  locale?: string;
  width?: number;
  colorScheme?: 'dark';
}

/** The customer with whom the number ends is connected, with a token of their own. */
async function connected(number: string, customerId: string): Promise<void> {
  const { claim } = await pool.waitFor(number, 'Registered', { timeout: 60_000 });
  expect(claim).toMatchObject({ customerId });
  const record = await until(async () => {
    const found = await pool.getCustomer(claim!.wabaId).catch(() => null);
    return found?.state === 'Connected' && found.tokenHeld ? found : null;
  });
  expect(record).toMatchObject({ customerId });
}

describe('a customer is connected with a token of their own', () => {
  test.each(['beforeCallback', 'afterCallback'] as const)(
    'when the message comes %s with the code',
    async (signupMessage) => {
      await laptop.sim.assume({ signupMessage });
      const { number, page } = await customer('both');
      await (await page.openPopup()).finish();
      await page.is('done');
      await connected(number, 'both');
    },
  );

  test('when the code comes alone', async () => {
    await laptop.sim.assume({ signupMessage: 'never' });
    const { page } = await customer('code-alone');
    await (await page.openPopup()).finish();
    await page.is('done');
    const found = await until(async () => {
      for await (const one of pool.listCustomers({})) if (one.customerId === 'code-alone') return one;
      return null;
    });
    await until(async () => (await pool.getCustomer(found.wabaId)).tokenHeld);
  });

  test('when the page is closed right after the popup', async () => {
    const { number, page } = await customer('in-a-hurry');
    const popup = await page.openPopup();
    await popup.goTo('DONE');
    const handedIn = page.page.waitForRequest('**/signup/code-exchange');
    await popup.page.close({ runBeforeUnload: true });
    await handedIn;
    await page.page.close({ runBeforeUnload: true });
    await connected(number, 'in-a-hurry');
  });
});

test('a customer whose message comes alone is done, without a token', async () => {
  await laptop.sim.assume({ signupCode: false });
  const { number, page } = await customer('message-alone');
  await (await page.openPopup()).finish();
  await page.is('done');
  await pool.waitFor(number, 'Registered', { timeout: 60_000 });
});

test("a customer of whom Meta's webhook told first is done, though the number's life is over when the popup says so", async () => {
  const { number, page } = await customer('overtaken');
  const { client } = laptop.connected;
  await page.page.route('**/signup/events', async (route) => {
    const { message } = route.request().postDataJSON() as { message: { data: { waba_id: WabaId } } };
    const webhook = meta(batch(partnerAdded(message.data.waba_id)), appSecret);
    expect((await fetch(gateway.url + webhook.url, webhook)).status).toBe(202);
    await client.workflow.getHandle(workflowIdOf(number)).result();
    await route.continue();
  });
  await (await page.openPopup()).finish();
  await page.is('done');
  await connected(number, 'overtaken');
});

test('a customer whose code is too old is told so, and signs in again', async () => {
  const { page } = await customer('too-late');
  await page.page.route('**/signup/code-exchange', async (route) => {
    await laptop.sim.advanceClock('31 seconds');
    await route.continue();
  });
  await (await page.openPopup()).finish();
  await page.is('codeExpired');
  await screenshot(page.page, 'signup-11-code-expired');
  await page.page.unroute('**/signup/code-exchange');
  const popup = await page.openPopup('Sign in again');
  await popup.choose('none');
  await popup.finish();
  await page.is('doneWithoutNumber');
});

describe('the page', () => {
  const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  /** What axe finds; it is not loaded by the page, whose policy forbids that. */
  const faults = async (tab: Page) => {
    await tab.evaluate(axe);
    return tab.evaluate<string[]>(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))',
    );
  };

  test.each([
    ['en-US', 900],
    ['es-MX', 900],
    ['pt-PT', 900],
    ['de-AT', 900],
    ['fr-FR', 900],
    ['id-ID', 360],
    ['hi-IN', 360],
    ['ar-EG', 360],
    ['de-DE', 360],
  ])('speaks %s, is found without fault by axe and fits %d pixels', async (locale, width) => {
    const { number, page } = await customer(`visitor-${locale}`, { locale, width });
    const { page: tab } = page;
    const language = locale.startsWith('pt') ? 'pt-BR' : locale.slice(0, 2);
    expect(await tab.locator('html').getAttribute('lang')).toBe(language);
    expect(await tab.locator('html').getAttribute('dir')).toBe(language === 'ar' ? 'rtl' : 'ltr');
    expect(await tab.locator('h1').innerText()).toContain('Jasper & Sons');
    expect((await tab.locator('#status').innerText()).replace(/\D/g, '')).toBe(number);
    await screenshot(tab, `signup-12-${locale}-${String(width)}`);
    for (const phase of ['ready', 'codeExpired', 'done', 'open', 'noneFree']) {
      await tab.evaluate(`document.body.dataset.phase = '${phase}'`);
      await tab.evaluate(axe);
      const { violations } = await tab.evaluate(() =>
        (
          globalThis as unknown as { axe: { run: () => Promise<{ violations: { id: string }[] }> } }
        ).axe.run(),
      );
      expect(violations.map(({ id }) => id)).toEqual([]);
    }
    expect(await tab.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await tab.close();
    await pool.remove(number);
  });

  test("can be read by night in a partner's colours", async () => {
    const { number, page } = await customer('night', { colorScheme: 'dark' });
    expect(await faults(page.page)).toEqual([]);
    await screenshot(page.page, 'signup-13-night');
    await pool.remove(number);
  });
});
