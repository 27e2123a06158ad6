import type { Browser, BrowserContext } from 'playwright-core';
import type { NumberPool, NumberRecord } from '../../client';
import type { Gateway } from '../../gateway';
import { Laptop } from '../client/laptop';
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
let customer: BrowserContext;
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

beforeEach(async () => {
  customer = await browser.newContext({ viewport: { width: 900, height: 640 } });
});

afterEach(() => customer.close());

let numbers = 0;
/** A number that only its own test can get, for it is the only free one. */
async function freeNumber(): Promise<string> {
  const number = `1555070${String(++numbers).padStart(4, '0')}`;
  await verifiedNumbers(pool, laptop.sim, [number]);
  return number;
}

/** What a partner's server does: a session for a customer, and the link that the customer gets. */
async function link(customerId: string, version = 'v4', at = gateway): Promise<string> {
  const token = await signupToken(at, customerId, { version });
  return `${at.url}/signup#${token}`;
}

describe('a customer who goes the whole way', () => {
  test.each(['v4', 'v2', 'document'])('has the number registered, with %s', async (version) => {
    const number = await freeNumber();
    const page = await SignupPage.open(customer, await link('whole-way', version));
    await page.is('ready');
    await screenshot(page.page, `signup-1-ready-${version}`);
    const popup = await page.openPopup();
    await popup.goTo('PHONE_NUMBER_SETUP');
    expect(await popup.page.locator('#offered').innerText()).toContain(`+${number}`);
    await screenshot(popup.page, `signup-2-popup-${version}`);
    await popup.finish();
    await page.is('done');
    await screenshot(page.page, `signup-3-done-${version}`);

    const record = await pool.waitFor(number, 'Registered', { timeout: 30_000 });
    expect(record.claim).toMatchObject({
      source: 'signup FINISH',
      customerId: 'whole-way',
      wabaId: expect.stringMatching(/^\d+$/),
    });
    expect(await laptop.sim.calls({ call: 'register', number })).toHaveLength(1);
  });

  test.each(['beforeCallback', 'afterCallback'] as const)(
    'is heard when the message comes %s',
    async (signupMessage) => {
      const number = await freeNumber();
      await laptop.sim.assume({ signupMessage });
      const page = await SignupPage.open(customer, await link('order'));
      await (await page.openPopup()).finish();
      await page.is('done');
      await pool.waitFor(number, 'Registered', { timeout: 30_000 });
      await laptop.sim.assume({ signupMessage: 'beforeCallback' });
    },
  );

  test('is heard when the window is closed on its last screen', async () => {
    const number = await freeNumber();
    const page = await SignupPage.open(customer, await link('impatient'));
    const popup = await page.openPopup();
    await popup.goTo('DONE');
    await popup.page.close({ runBeforeUnload: true });
    await page.is('done');
    await pool.waitFor(number, 'Registered', { timeout: 30_000 });
  });

  test('is found by the digits when the popup does not name the business phone number', async () => {
    const number = await freeNumber();
    await laptop.sim.assume({ finishNamesPhoneNumber: false });
    const page = await SignupPage.open(customer, await link('nameless'));
    await (await page.openPopup()).finish();
    await page.is('done');
    const { claim } = await pool.waitFor(number, 'Registered', { timeout: 30_000 });
    expect(claim?.phoneNumberId).toMatch(/^\d+$/);
    await laptop.sim.assume({ finishNamesPhoneNumber: true });
  });
});

describe('a customer who does not take the number', () => {
  let number: string;
  beforeAll(async () => {
    number = await freeNumber();
  });
  afterAll(() => pool.remove(number));
  const released = () =>
    pool.waitUntil(number, ({ reservation }) => reservation === null, { timeout: 30_000, name: 'released' });

  test.each([
    'BUSINESS_ACCOUNT_SELECTION',
    'WABA_PHONE_PROFILE_PICKER',
    'WHATSAPP_BUSINESS_PROFILE_SETUP',
    'PHONE_NUMBER_SETUP',
    'PHONE_NUMBER_VERIFICATION',
    'PERMISSIONS',
  ])('gives it back by cancelling at %s', async (step) => {
    const page = await SignupPage.open(customer, await link('undecided'));
    await page.is('ready');
    const { reservation } = await pool.get(number);
    expect(reservation?.customerId).toBe('undecided');
    const popup = await page.openPopup();
    if (step === 'PHONE_NUMBER_VERIFICATION') await popup.choose('own', '+1 555 555 0199');
    await popup.goTo(step);
    await popup.cancel();
    await page.is('cancelled');
    await screenshot(page.page, 'signup-4-cancelled');
    expect((await released()).state).toBe('Verified');
  });

  test('can start again after that, on the same link', async () => {
    const page = await SignupPage.open(customer, await link('hesitant'));
    await (await page.openPopup()).cancel();
    await page.is('cancelled');
    await released();
    await page.press('Start again');
    await page.is('ready');
    expect((await pool.get(number)).reservation?.customerId).toBe('hesitant');
    await pool.release(number, {});
  });

  test('can start again before the page hears that the window is closed', async () => {
    const page = await SignupPage.open(customer, await link('quick'));
    await page.is('ready');
    // Meta's SDK calls back once it sees that the window is closed: here, when the test says so.
    await page.page.evaluate(`{
      const login = FB.login;
      const called = new Promise((resolve) => {
        FB.login = (callBack, options) => login((answer) => resolve(() => callBack(answer)), options);
      });
      globalThis.callBack = () => called.then((call) => call());
    }`);
    await (await page.openPopup()).cancel();
    await page.is('cancelled');
    await released();
    await page.press('Start again');
    await page.is('ready');
    await page.page.evaluate('callBack()');
    expect(await page.page.locator('body').getAttribute('data-phase')).toBe('ready');
    await pool.release(number, {});
  });

  test('keeps it for a while when the window was closed, and can open it again', async () => {
    const page = await SignupPage.open(customer, await link('absent-minded'));
    const popup = await page.openPopup();
    await popup.goTo('PHONE_NUMBER_SETUP');
    await popup.page.close();
    await page.is('closed');
    await screenshot(page.page, 'signup-5-closed');
    expect((await pool.get(number)).reservation?.customerId).toBe('absent-minded');
    await (await page.openPopup('Open it again')).cancel();
    await page.is('cancelled');
    await released();
  });

  test('is told that none is free where somebody else has it, and that a link is not complete', async () => {
    const url = await link('first');
    await pool.release(number, {});
    await pool.reserve(number, { customerId: 'second' });
    const late = await SignupPage.open(customer, url);
    await late.is('noneFree');
    await screenshot(late.page, 'signup-6-none-free');
    const without = await SignupPage.open(customer, `${gateway.url}/signup`);
    await without.is('invalid');
    await screenshot(without.page, 'signup-7-invalid');
    await pool.release(number, {});
  });

  test('may finish without a number: the number stays reserved, and the account is searched for claims', async () => {
    const page = await SignupPage.open(customer, await link('numberless'));
    const popup = await page.openPopup();
    await popup.choose('none');
    await popup.finish();
    await page.is('doneWithoutNumber');
    expect(await pool.get(number)).toMatchObject({ state: 'Verified', claim: null });
    await pool.release(number, {});
  });
});

test('a customer who keeps the number of their app is told that all is done, and nothing is registered', async () => {
  const number = await freeNumber();
  const page = await SignupPage.open(customer, await link('app-user'));
  const popup = await page.openPopup();
  await popup.choose('app');
  await popup.finish();
  await page.is('done');
  const lookedFor = ({ source, looks }: NumberRecord['reportedClaims'][number]) =>
    source.endsWith('APP_ONBOARDING') && looks > 0;
  await pool.waitUntil(number, ({ reportedClaims }) => reportedClaims.some(lookedFor), { timeout: 30_000 });
  expect(await laptop.sim.calls({ call: 'register', number })).toEqual([]);
});

describe('a customer of whose signup the popup posts no message, where codes cannot be exchanged', () => {
  let number: string;
  let withoutSecret: Gateway;
  beforeAll(async () => {
    number = await freeNumber();
    withoutSecret = await signupGateway(laptop, undefined, { META_APP_SECRET: '' });
    await laptop.sim.assume({ signupMessage: 'never' });
  });
  afterAll(async () => {
    await withoutSecret.close();
    await laptop.sim.assume({ signupMessage: 'beforeCallback' });
    await pool.remove(number);
  });

  test('is not left waiting: the page says what happens now, and still hears a message that comes late', async () => {
    await customer.clock.install();
    const page = await SignupPage.open(customer, await link('unheard-of', 'v4', withoutSecret));
    const popup = await page.openPopup();
    await popup.choose('none');
    await popup.finish();
    await page.is('finishing');
    await page.page.clock.fastForward(20_000);
    await page.is('unknown');
    await screenshot(page.page, 'signup-10-unknown');
    expect((await pool.get(number)).reservation?.customerId).toBe('unheard-of');

    await post(page, { type: 'WA_EMBEDDED_SIGNUP', event: 'FINISH_ONLY_WABA', data: { waba_id: '102' } });
    await page.is('doneWithoutNumber');
    await pool.release(number, {});
  });

  test('can open the window again', async () => {
    await customer.clock.install();
    const page = await SignupPage.open(customer, await link('again', 'v4', withoutSecret));
    const popup = await page.openPopup();
    await popup.choose('none');
    await popup.finish();
    await page.is('finishing');
    await page.page.clock.fastForward(20_000);
    await page.is('unknown');
    await (await page.openPopup('Open it again')).cancel();
    await page.is('cancelled');
    // The wait of the first window is over with it.
    await page.page.clock.fastForward(60_000);
    await page.is('cancelled');
  });
});

describe("Meta's words about an error", () => {
  let number: string;
  beforeAll(async () => {
    number = await freeNumber();
  });
  afterAll(() => pool.remove(number));
  const error = (event: string, words: string) => ({
    type: 'WA_EMBEDDED_SIGNUP',
    event,
    data: { error_message: words, error_code: 524197 },
  });

  test('are shown, and the customer may go on', async () => {
    const page = await SignupPage.open(customer, await link('unlucky'));
    const popup = await page.openPopup();
    const saved = page.page.waitForResponse('**/signup/events');
    await post(page, error('ERROR', 'Try <b>another</b> display name'));
    expect((await saved).status()).toBe(202);
    await page.is('open');
    const shown = page.page.getByRole('alert');
    expect(await shown.innerText()).toBe('Facebook says: Try <b>another</b> display name');
    await screenshot(page.page, 'signup-11-error');
    expect((await pool.get(number)).reservation?.customerId).toBe('unlucky');
    await popup.cancel();
    await page.is('cancelled');
    await page.press('Start again');
    await page.is('ready');
    expect(await shown.isVisible()).toBe(false);
    await pool.release(number, {});
  });

  test('are shown where they end the signup, and the number is free again', async () => {
    const page = await SignupPage.open(customer, await link('refused'));
    await page.openPopup();
    await post(page, error('CANCEL', 'The number belongs to another account'));
    await page.is('cancelled');
    expect(await page.page.getByRole('alert').innerText()).toContain('The number belongs to another account');
    await pool.waitUntil(number, ({ reservation }) => reservation === null, { name: 'released' });
  });
});

/** Has the page hear a message as if Facebook's window posted it. */
async function post({ page }: SignupPage, data: object): Promise<void> {
  const event = JSON.stringify({ origin: 'https://www.facebook.com', data });
  await page.evaluate(`void dispatchEvent(new MessageEvent('message', ${event}))`);
}

describe('a message', () => {
  const finish = JSON.stringify({
    type: 'WA_EMBEDDED_SIGNUP',
    version: '3',
    event: 'FINISH',
    data: { waba_id: '102290129340398' },
  });
  let number: string;
  beforeAll(async () => {
    number = await freeNumber();
  });
  afterAll(() => pool.remove(number));

  /** The page, opened by a page of another origin, which says something to it; what was sent on to the gateway. */
  async function hearing(origin: string, said: unknown): Promise<string[]> {
    const url = await link('victim');
    await customer.route(`${origin}/**`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>A page</title>' }),
    );
    const speaker = await customer.newPage();
    await speaker.goto(`${origin}/`);
    const opened = speaker.waitForEvent('popup');
    await speaker.evaluate(`void (globalThis.page = open(${JSON.stringify(url)}))`);
    const page = await opened;
    await page.locator('body[data-phase=ready]').waitFor();
    const sent: string[] = [];
    await page.route('**/signup/events', (route) => {
      sent.push(route.request().postData() ?? '');
      return route.fulfill({ status: 202, json: {} });
    });
    // Not the promise itself, which Playwright would await.
    await page.evaluate(
      `void (globalThis.heard = new Promise((heard) => addEventListener('message', () => heard(true))))`,
    );
    await speaker.evaluate(`globalThis.page.postMessage(${JSON.stringify(said)}, '*')`);
    await page.evaluate('globalThis.heard');
    if ((await page.locator('body').getAttribute('data-phase')) !== 'ready')
      await page.locator('body[data-phase=done]').waitFor();
    return sent;
  }

  test.each(['https://www.facebook.com', 'https://web.facebook.com'])('from %s is heard', async (origin) => {
    const [body = ''] = await hearing(origin, finish);
    expect(JSON.parse(body)).toMatchObject({ message: { event: 'FINISH' } });
  });

  test('is heard as an object, too', async () => {
    const [body = ''] = await hearing('https://www.facebook.com', JSON.parse(finish));
    expect(JSON.parse(body)).toMatchObject({ message: JSON.parse(finish) });
  });

  test('with an ID of 17 digits as a number is passed on with that ID, unrounded', async () => {
    const long = finish.replace('"102290129340398"', '90071992547409931');
    const [body = ''] = await hearing('https://www.facebook.com', long);
    expect(JSON.parse(body)).toMatchObject({ message: { data: { waba_id: '90071992547409931' } } });
  });

  test.each([
    'https://evilfacebook.com',
    'https://www.facebook.com.example.com',
    'https://m.facebook.com',
    'https://facebook.com',
    'http://www.facebook.com',
    'http://127.0.0.1:8000',
  ])('from %s is not', async (origin) => {
    expect(await hearing(origin, finish)).toEqual([]);
  });

  test.each([
    ['no JSON', 'cb=f1a2&is_canvas=false'],
    ['another JSON', '{"type":"another"}'],
    ['nothing', 'null'],
  ])('that is %s is not, of whatever origin', async (_, said) => {
    expect(await hearing('https://www.facebook.com', said)).toEqual([]);
  });
});
