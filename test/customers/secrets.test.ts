import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NumberPool } from '../../client';
import { keepRecords } from '../../client/records/keep-records';
import type { WabaId } from '../../contract/ids';
import { openRecords, type Records } from '../../records';
import { needs, readSettings } from '../../settings';
import { freePort } from '../../stack/ports';
import { launch } from '../chaos/processes/command';
import { SupervisedProcess } from '../chaos/processes/supervised-process';
import { run } from '../cli/cli';
import { Laptop, portfolioId } from '../client/laptop';
import { kinds, testDatabase, type TestDatabase } from '../records/databases';
import { until } from '../signup/until';
import { verifiedNumbers } from '../signup/verified-numbers';
import { Receiver } from '../webhooks/receiver';
import { businessId, creditLine, partnerSettings, systemUser } from './partner';
import { commandLines, found, recordsPlaces, temporalPlaces, type Places } from './places';

/** Every secret of a run, looked for in everything that the run has written, on good paths and on bad ones. */

const random = () => randomBytes(20).toString('hex');
const [signedUp, second, refusedOnes] = ['88001', '88002', '88003'] as WabaId[];
const number = '15550783881';

describe.each(kinds)('with records on %s', (kind) => {
  const secrets = new Map<string, string>();
  const secret = (what: string, text: string) => {
    secrets.set(text, what);
    return text;
  };
  const appSecret = secret('the secret of the app', random());
  const systemToken = secret('the system token', `EAA${random()}`);
  const apiKey = secret('the API key', random());
  /** What anybody was answered: by the gateway, by queries, by commands. */
  const answers: Places = new Map();

  let database: TestDatabase;
  let laptop: Laptop;
  let pool: NumberPool;
  let records: Records;
  let receiver: Receiver;
  let worker: SupervisedProcess;
  let gateway: SupervisedProcess;
  let gatewayUrl: string;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'preverified-secrets-'));
    database = await testDatabase(kind);
    if (database.postgres) secret('the password of the records', database.postgres.password);
    receiver = await new Receiver().up();
    const endpoint = {
      ...{ name: 'all', url: receiver.url, secrets: [secret('the secret of webhooks', receiver.secret)] },
      ...{ allowHttp: true, allowPrivateAddress: true },
    };
    const endpoints = path.join(folder, 'endpoints.json');
    writeFileSync(endpoints, JSON.stringify({ endpoints: [endpoint], stock: {} }));
    gatewayUrl = `http://127.0.0.1:${String(await freePort())}`;
    laptop = await Laptop.start(
      {},
      {
        ...partnerSettings,
        META_APP_SECRET: appSecret,
        META_CONFIG_ID: '99',
        GATEWAY_API_KEYS: apiKey,
        GATEWAY_PORT: new URL(gatewayUrl).port,
        GRAPH_ACCESS_TOKEN: systemToken,
        RECORDS_URL: database.url,
        WEBHOOK_ENDPOINTS: endpoints,
        LOG_LEVEL: 'trace',
        TEMPORAL_CONFIG_FILE: path.join(folder, 'none.toml'),
      },
    );
    await laptop.stopWorker();
    secret('the payload key', laptop.env['PAYLOAD_KEYS']!.slice('k1:'.length));
    pool = laptop.pool();
    records = await openRecords(readSettings(needs.records, laptop.env));
    const { sim, env } = laptop;
    await sim.setApp({ id: partnerSettings.META_APP_ID, secret: appSecret, portfolioId });
    await sim.issueToken({ token: systemToken, portfolioId, userId: systemUser });
    await sim.addCreditLine(portfolioId, creditLine);
    const process = (name: string) =>
      new SupervisedProcess(name, () => launch(name, env, path.join(folder, `${name}.log`)));
    [worker, gateway] = [process('worker'), process('gateway')];
    await Promise.all([worker.start(), gateway.start()]);
  });
  afterAll(async () => {
    await Promise.all([worker.close(), gateway.close()]);
    await records.close();
    await laptop.close();
    await receiver.down();
    await database.close();
    await rm(folder, { recursive: true });
  });

  let asked = 0;
  async function ask(pathname: string, init: RequestInit = {}): Promise<{ status: number; body: string }> {
    const answer = await fetch(gatewayUrl + pathname, init);
    const body = await answer.text();
    answers.set(`answer ${String(++asked)} of the gateway, ${String(answer.status)}`, body);
    return { status: answer.status, body };
  }
  const post = async (pathname: string, body: unknown): Promise<number> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return (await ask(pathname, { method: 'POST', body: text })).status;
  };
  const codeFor = async (wabaId: WabaId) =>
    secret('the code of a signup', await laptop.sim.signupCode(wabaId));
  const customer = (wabaId: WabaId) => pool.getCustomer(wabaId);
  async function command(...args: string[]): Promise<void> {
    const { out, err } = await run(args, { ...laptop.env, LOG_LEVEL: 'trace' });
    answers.set(`preverified ${args.join(' ')}`, out + err);
  }

  test('no token, code, PIN or key stands in a history, log, webhook, answer, argument or in the database in clear', async () => {
    const { sim } = laptop;
    await verifiedNumbers(pool, sim, [number]);
    secret(
      'a code of the number',
      (await sim.latestMessage(number)).match(/\d{3}-?\d{3}/)![0].replace('-', ''),
    );
    for (const wabaId of [signedUp!, second!, refusedOnes!])
      await sim.setWaba(wabaId, { businessId, sharedWith: [portfolioId] });

    // A signup as it should be; its session's token is kept by the page alone.
    const { body } = await ask('/signup/config?customer=acme', {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    const { token } = JSON.parse(body) as { token: string };
    answers.clear();
    secret('the token of a session', token);
    const { phoneNumberId } = await sim.claimNumber(number, signedUp!);
    expect(await post('/signup/code-exchange', { token, code: await codeFor(signedUp!) })).toBe(202);
    const data = { waba_id: signedUp, phone_number_id: phoneNumberId, business_id: businessId };
    const message = { type: 'WA_EMBEDDED_SIGNUP', event: 'FINISH', version: 3, data };
    expect(await post('/signup/events', { token, message })).toBe(202);
    await pool.waitFor(number, 'Registered', { timeout: 60_000 });
    await pool.waitUntilCustomer(signedUp!, ({ state, tokenHeld }) => state === 'Connected' && tokenHeld, {
      timeout: 60_000,
    });
    secret('the PIN', await pool.readPin(number, 'test'));
    const granted = (await sim.tokens()).find(({ kind }) => kind === 'business')!.token;

    // Meta refuses a code and repeats it, with what it was sent beside.
    const spent = await codeFor(second!);
    const echo = `Invalid code ${spent}, code=${encodeURIComponent(spent)}, client_secret=${appSecret} in https://graph.facebook.com/oauth/access_token?code=${spent}&client_secret=${appSecret}`;
    const fields = { message: echo, error_user_msg: echo, error_data: { details: echo } };
    await sim.fault({ call: 'access_token', error: { code: 100, error_subcode: 36007, ...fields } });
    expect(await post('/signup/code-exchange', { token, code: spent })).toBe(410);
    // It cannot be asked, for our own fault.
    const unasked = await codeFor(second!);
    const words = echo.replaceAll(spent, unasked);
    await sim.fault({ call: 'access_token', error: { code: 190, message: words, error_user_msg: words } });
    expect(await post('/signup/code-exchange', { token, code: unasked })).toBe(503);
    // The network fails: node-fetch names the address, in which code, secret and token stand.
    await sim.fault({ call: 'access_token', dropped: true, times: 2 });
    await sim.fault({ call: 'debug_token', dropped: true, times: 2 });
    await sim.fault({ call: 'access_token', answerLost: true });
    expect(await post('/signup/code-exchange', { token, code: await codeFor(second!) })).toBe(410);
    expect(await post('/signup/code-exchange', { token, code: await codeFor(second!) })).toBe(202);
    await until(async () => (await customer(second!).catch(() => null))?.tokenHeld);
    // What is sent to the gateway amiss.
    const stray = await codeFor(refusedOnes!);
    await post('/signup/code-exchange', `{"token": "${token}", "code": ${stray}}`);
    await post('/signup/code-exchange', { token, code: `${stray} ${token}` });
    await post('/signup/code-exchange', { token: [token], code: { [stray]: stray } });
    await post('/signup/code-exchange', { token, code: stray, [stray]: token });
    await post(`/signup/code-exchange/${stray}?code=${stray}&token=${token}`, 'none');
    await ask(`/signup?code=${stray}`);
    await ask(`/signup/%E0%A4%A?code=${stray}`);
    await ask('/signup/config?customer=acme', { headers: { authorization: `Bearer ${apiKey}x` } });
    await post('/signup/events', { token, message: { ...message, data: { ...data, waba_id: token } } });

    // Meta refuses the customer's own token, and repeats it.
    const dead = `Error validating access token: ${granted} of ${systemToken}, access_token=${granted}`;
    const refusal = { code: 190, error_subcode: 463, message: dead, error_user_msg: dead };
    await sim.fault({ call: 'get_subscribed_apps', objectId: signedUp!, error: refusal });
    const refused = await pool.refreshCustomer(signedUp!);
    expect(refused.problem).toMatchObject({ code: '190/463' });
    // The worker's network fails as well, and Meta refuses the system token.
    await sim.fault({ call: 'debug_token', dropped: true });
    await sim.fault({ call: 'get_waba', answerLost: true });
    await sim.fault({ call: 'get_subscribed_apps', objectId: second!, error: { ...refusal, code: 10 } });
    await pool.refreshCustomer(second!);
    await sim.fault({ call: '*', objectId: refusedOnes!, error: refusal, times: 2 });
    await pool.connectCustomer(refusedOnes!, { businessId });
    await pool.waitUntilCustomer(refusedOnes!, ({ problem }) => problem !== null, { timeout: 60_000 });
    await sim.revokeToken({ wabaId: second! });
    await pool.refreshCustomer(second!);
    await command('customers', 'show', second!, '--json');

    // They leave, and the records take all of it.
    await pool.offboardCustomer(signedUp!);
    await keepRecords(laptop.connected.client);
    answers.set('getNumber', JSON.stringify(await pool.get(number)));
    for (const wabaId of [signedUp!, second!, refusedOnes!])
      answers.set(`getCustomer ${wabaId}`, JSON.stringify(await customer(wabaId)));
    for await (const one of pool.listCustomers({})) answers.set(`listed ${one.wabaId}`, JSON.stringify(one));
    await command('customers', 'list', '--json');
    await command('customers', 'show', refusedOnes!);
    await command('show', number, '--json');
    await command('audit', number);
    await command('records', 'who', number);
    await command('doctor');

    for (const { token: text, kind } of await sim.tokens()) {
      secret(`a ${kind} token`, text);
      secret(`the proof of a ${kind} token`, createHmac('sha256', appSecret).update(text).digest('hex'));
    }
    expect([...secrets.values()].filter((what) => what === 'a business token').length).toBeGreaterThan(1);
    const sixDigits = new Map([...secrets].filter(([text]) => /^\d{6}$/.test(text)));
    const others = new Map([...secrets].filter(([text]) => !sixDigits.has(text)));
    expect(sixDigits.size).toBe(2);

    await receiver.receives('customer.left');
    const hooks: Places = new Map(
      receiver.received.map((one, at) => [`webhook ${String(at)}`, JSON.stringify(one)]),
    );
    const logs: Places = new Map(
      ['worker', 'gateway'].map((name) => [
        `the log of the ${name}`,
        readFileSync(path.join(folder, `${name}.log`), 'latin1'),
      ]),
    );
    const { raw, opened } = await temporalPlaces(laptop.connected.client);
    const database_ = await recordsPlaces(records, database);
    for (const places of [answers, hooks, logs, raw, opened, database_, commandLines()]) {
      expect(places.size).toBeGreaterThan(1);
      expect([...places.values()].join('').length).toBeGreaterThan(1_000);
    }
    for (const places of [answers, hooks, logs, raw, database_, commandLines()])
      expect(found(secrets, places)).toEqual([]);
    // Codes and PINs are kept in histories, encrypted; tokens are not even that.
    expect(found(others, opened)).toEqual([]);
    expect(found(sixDigits, opened).length).toBeGreaterThan(0);
  });
});
