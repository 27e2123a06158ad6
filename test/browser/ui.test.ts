import type { Browser, BrowserContext } from 'playwright-core';
import { NumberPool, type ConnectedPool } from '../../client';
import { freePort } from '../../stack/ports';
import { startStack, type Stack } from '../../stack/stack';
import { messageDescriptions } from '../../contract/messages';
import { SimulatorClient } from '../../simulator/client';
import { startChromium } from './chromium';
import { NumberPage } from './number-page';
import { screenshot } from './screenshot';

// A whole stack and a browser start, on machines that may be small.
jest.setTimeout(180_000);

let stack: Stack;
let pool: ConnectedPool;
let phones: SimulatorClient;
let browser: Browser;
let operator: BrowserContext;
const viewport = { width: 1440, height: 1100 };
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const ports = ['TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SIMULATOR_PORT', 'CODEC_PORT', 'GATEWAY_PORT'];
  const free = await Promise.all(ports.map(async (name) => [name, String(await freePort())] as const));
  stack = await startStack(Object.fromEntries(free));
  ends.push(() => stack.stop());
  pool = await NumberPool.connect({ by: 'onboarding' }, stack.env);
  ends.push(() => pool.close());
  phones = new SimulatorClient(stack.simulatorUrl);
  browser = await startChromium();
  ends.push(() => browser.close());
});

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

// Each with pages of its own: every open page keeps a connection waiting, of which a browser has six.
beforeEach(async () => {
  operator = await browser.newContext({ viewport });
});

afterEach(() => operator.close());

/** A number that waits for its code, on its page. */
async function waitingForCode(number: string) {
  const { phoneNumber } = await pool.add(number);
  const record = await pool.waitUntil(
    phoneNumber,
    (is) => is.state === 'CodeRequested' && is.phase === 'waiting',
  );
  return { record, page: await NumberPage.open(operator, stack.uiUrl, phoneNumber) };
}

test("an operator reads the number's state, its deadline and what to send, on its page", async () => {
  const { record, page } = await waitingForCode('+1 555 078 3881');
  await page.showMetadata();
  const current = page.metadata('current details');
  await current.getByText('You can send').waitFor();
  await screenshot(page.page, '1-current-details');

  const text = await current.innerText();
  expect(text).toContain('CodeRequested (waiting)');
  expect(text).toMatch(
    /A code was sent to the number by SMS, good until [-\d]+ [:\d]+ UTC: send what it received with submitCode\./,
  );
  const deadline = record.nextDeadline?.at.slice(0, 16).replace('T', ' ');
  expect(text).toMatch(`Deadline\t${String(deadline)} UTC: removed from the pool unless verified`);
  expect(text).toMatch(/You can send\trequestCode, submitCode, reserve, /);
  expect(await page.metadata('summary').innerText()).toBe('+15550783881 · US · portfolio 506914307656634');
  expect(await page.metadata('details').innerText()).toContain('Added by onboarding.');
});

test('no line of the details is cut off by its frame', async () => {
  const { page } = await waitingForCode('+49 30 901820');
  await page.showMetadata();
  const lastLines = {
    details: 'Added by onboarding.',
    'current details': 'You can send',
  } as const;
  for (const text of ['details', 'current details'] as const) {
    const line = page.metadata(text).getByText(lastLines[text]);
    await line.waitFor();
    expect(bottom(await line.boundingBox())).toBeLessThan(bottom(await page.frame(text).boundingBox()));
  }
});

const bottom = (box: { y: number; height: number } | null) => (box ? box.y + box.height : NaN);

test('the history reads as a story: each call and each timer says what it is for', async () => {
  const { page } = await waitingForCode('+44 7700 900123');
  await page.event('Timer Started').waitFor();
  await screenshot(page.page, '2-history');

  const scheduled = page.page.locator('tr').filter({ hasText: 'Activity Task Scheduled' });
  expect(await scheduled.allInnerTexts()).toEqual([
    expect.stringContaining('Ask Meta to send a code by SMS'),
    expect.stringContaining('Add the number to the pool'),
  ]);
  expect(await page.event('Timer Started').innerText()).toMatch(/\d\d:\d\d UTC: the code expires/);
});

test.each(['Send a Signal', 'Send an Update'] as const)(
  '%s lists every message with its description',
  async (title) => {
    const { page } = await waitingForCode('+55 11 91234 5678');
    const offered = await page.offered(await page.openDialog(title));
    await screenshot(page.page, `3-${title.toLowerCase().replaceAll(' ', '-')}`);
    expect(Object.fromEntries(offered)).toMatchObject(messageDescriptions);
  },
);

test('a code that is sent with the mouse, as a signal, verifies the number', async () => {
  const { record, page } = await waitingForCode('+1 212 555 0142');
  const dialog = await page.openDialog('Send a Signal');
  await page.offered(dialog);
  const text = await phones.nextMessage(record.phoneNumber);
  await page.choose(dialog, 'submitCode', { code: text, by: 'Ann of operations' });
  await screenshot(page.page, '4-signal-to-send');
  await page.submit(dialog);

  const verified = await pool.waitFor(record.phoneNumber, 'Verified', { timeout: 30_000 });
  expect(verified.transitions.at(-1)).toMatchObject({ from: 'CodeRequested', to: 'Verified' });

  await page.showMetadata();
  await page.refresh();
  const current = page.metadata('current details');
  await current.getByText('Customers can take it without a code until').waitFor();
  await screenshot(page.page, '5-verified');
  expect(await current.innerText()).toContain('verification expires');
});

test('the page says who holds a number and until when; it is the picture of the README', async () => {
  const { record, page } = await waitingForCode('+1 555 078 3885');
  await pool.submitCode(record.phoneNumber, { code: await phones.nextMessage(record.phoneNumber) });
  await pool.reserve(record.phoneNumber, { customerId: 'lucky-shrub' });
  await page.page.setViewportSize({ width: 1280, height: 1040 });
  await page.showMetadata();
  await page.refresh();
  const current = page.metadata('current details');
  await current.getByText(/for lucky-shrub until .* UTC/).waitFor();
  expect(await current.innerText()).toMatch(/State\tVerified/);
  await screenshot(page.page, 'number');
});

test('a code in the history is read through the codec endpoint, and not without it', async () => {
  const { record, page } = await waitingForCode('+81 3 1234 5678');
  const text = await phones.nextMessage(record.phoneNumber);
  await pool.signal.submitCode(record.phoneNumber, { code: text });
  await pool.waitFor(record.phoneNumber, 'Verified', { timeout: 30_000 });
  expect(await page.openEvent('Workflow Execution Signaled')).toContain(text);

  const stranger = await browser.newContext({ viewport });
  await stranger.route(`${stack.codecUrl}/**`, (route) => route.abort());
  const sealed = await NumberPage.open(stranger, stack.uiUrl, record.phoneNumber);
  const payload = await sealed.openEvent('Workflow Execution Signaled');
  await screenshot(sealed.page, '6-without-codec-endpoint');
  expect(payload).toContain('encryption-key-id');
  const shown = await sealed.page.locator('body').innerText();
  for (const secret of [text, 'Ask Meta', 'the code expires']) expect(shown).not.toContain(secret);
  await stranger.close();
});

test('numbers are found by their state in the list of workflows', async () => {
  const { phoneNumber } = await pool.add('+33 1 23 45 67 89');
  await pool.waitFor(phoneNumber, 'CodeRequested');
  // Temporal's search is a moment behind.
  while ((await pool.list({ state: 'CodeRequested', country: 'FR' }).next()).done);
  const page = await operator.newPage();
  const query = `NumberState="CodeRequested" AND Country="FR"`;
  await page.goto(`${stack.uiUrl}/namespaces/default/workflows?query=${encodeURIComponent(query)}`);
  const links = page.getByRole('link', { name: 'number:' });
  await links.first().waitFor();
  await screenshot(page, '7-list');
  expect(await links.allInnerTexts()).toEqual(['number:33123456789']);
});
