import fc from 'fast-check';
import { SessionsModel } from './sessions-model';
import { newWaba, Stack, type Session } from './stack';
import { portfolioId } from '../client/laptop';

/** Hundreds by `npm run test:hostile`; a failure says how to play it again. */
const full = process.env['HOSTILE'] === 'full';
const runs = Number(process.env['HOSTILE_RUNS'] ?? (full ? 200 : 3));
const seed = Number(process.env['HOSTILE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
jest.setTimeout(240_000 + 60_000 * runs);

const customers = ['alice', 'bob', 'carol'];
/** One more than customers: somebody who may have a number gets one. */
const size = customers.length + 1;

let stack: Stack;
let free: string[] = [];
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack.close());

const deeds = [
  'invite',
  'again',
  'CANCEL',
  'ERROR',
  'false FINISH',
  'false FINISH of the portfolio',
  'true FINISH',
  "FINISH of the holder's WABA",
  'code',
  'flood',
] as const;
const deed = fc.record({
  what: fc.constantFrom(...deeds),
  /** Whose turn it is, and with which of the tokens that they ever had. */
  customer: fc.nat({ max: customers.length - 1 }),
  token: fc.nat(),
});
type Deed = typeof deed extends fc.Arbitrary<infer Value> ? Value : never;

interface Held extends Session {
  number: string;
  reservationId: string;
}

/** One pool, several customers, and every token that they were given. */
class Play {
  readonly model = new SessionsModel();
  readonly tokens = new Map<string, Held[]>();
  readonly wrong: string[] = [];

  constructor(
    readonly numbers: string[],
    readonly run: number,
  ) {}

  async do({ what, customer, token }: Deed): Promise<void> {
    const customerId = `${customers[customer]!}-${String(this.run)}`;
    const own = this.tokens.get(customerId) ?? [];
    const session = own[token % Math.max(1, own.length)];
    if (what === 'invite' || !session) await this.#given(customerId, await stack.invite(customerId));
    else if (what === 'again') await this.#again(session);
    else await this.#say(what, session);
    for (const number of this.numbers) await stack.looked(number).catch(() => undefined);
    this.wrong.push(...this.model.compare(await this.#records()));
  }

  async #again(session: Held): Promise<void> {
    const answer = await stack.again(session);
    // A session has only so many numbers and requests: then it holds what it held, or nothing.
    if (answer.token === undefined) this.#forget(session.customerId, await this.#records());
    else await this.#given(session.customerId, { ...session, token: answer.token });
  }

  async #say(what: Deed['what'], session: Held): Promise<void> {
    const stands = this.model.stands(session.reservationId);
    switch (what) {
      case 'CANCEL':
        await stack.tell(session, 'CANCEL');
        if (stands) this.model.released(session.number);
        break;
      case 'ERROR':
        await stack.tell(session, 'ERROR', { error_message: newWaba() });
        break;
      case 'false FINISH':
        await stack.tell(session, 'FINISH', { waba_id: newWaba(), phone_number_id: newWaba() });
        break;
      case 'false FINISH of the portfolio':
        await stack.tell(session, 'FINISH', { waba_id: portfolioId });
        break;
      case 'true FINISH':
        if (stands) await this.#take(session);
        break;
      case "FINISH of the holder's WABA":
        // Somebody else's WABA, on which none of the numbers is.
        await stack.tell(session, 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING', { waba_id: newWaba() });
        break;
      case 'code':
        await this.#code(session);
        break;
      case 'flood':
        await Promise.all(
          Array.from({ length: 15 }, (_, index) =>
            stack.tell(session, index % 2 ? 'ERROR' : `NEW_${String(index)}`, { waba_id: newWaba() }),
          ),
        );
    }
  }

  /** The customer takes the number, and the page says so, or Meta does where the page may say no more. */
  async #take(session: Held): Promise<void> {
    const wabaId = newWaba();
    const phone_number_id = await stack.takeAtMeta(session.number, wabaId);
    await stack.tell(session, 'FINISH', { waba_id: wabaId, phone_number_id });
    await stack.partnerAdded(wabaId);
    await stack.pool.waitFor(session.number, 'Registered', { timeout: 120_000 });
    this.model.taken(session.number, session.customerId);
  }

  /** A code comes for the number; whoever is shown it holds the number. */
  async #code(session: Held): Promise<void> {
    await stack.pool.receiveCode(session.number, { text: 'WhatsApp code 123-456' }).catch(() => undefined);
    const stands = this.model.stands(session.reservationId);
    const { code } = await stack.code(session);
    if (code !== undefined && !stands) this.wrong.push(`${session.customerId} was shown another's code`);
  }

  async #given(customerId: string, session: Session): Promise<void> {
    const records = await this.#records();
    const mine = records.filter(({ reservation }) => reservation?.customerId === customerId);
    if (mine.length !== 1) this.wrong.push(`${customerId} holds ${String(mine.length)} numbers`);
    for (const { number, reservation } of mine) {
      this.wrong.push(...this.model.given(number, customerId, reservation!.id));
      const held = { ...session, number, reservationId: reservation!.id };
      this.tokens.set(customerId, [...(this.tokens.get(customerId) ?? []), held]);
    }
  }

  #forget(customerId: string, records: Awaited<ReturnType<Play['records']>>): void {
    for (const { number, reservation } of records)
      if (this.model.holder(number)?.customerId === customerId && reservation === null)
        this.model.released(number);
  }

  records() {
    return this.#records();
  }

  #records() {
    return Promise.all(
      this.numbers.map(async (number) => {
        const { state, reservation } = await stack.pool.get(number);
        return { number, state, reservation };
      }),
    );
  }

  /** At the end nobody's word holds a number for longer than their reservation. */
  async end(): Promise<string[]> {
    free = this.numbers.filter((number) => !this.model.isTaken(number));
    for (const number of free) {
      await stack.looked(number);
      await stack.pool.release(number, {});
      const customerId = `end-${String(this.run)}-${number}`;
      await stack.pool.reserve(number, { customerId }).catch((error: unknown) => {
        this.wrong.push(`${number} is stuck: ${String(error)}`);
      });
      await stack.pool.release(number, {});
    }
    return this.wrong;
  }
}

test('in whatever order customers and their old tokens act, no number is in two hands, held by nobody, or stuck', async () => {
  let played = 0;
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 6, maxLength: 14 }), async (deeds) => {
      const numbers = [...free, ...(await stack.add(size - free.length))];
      const play = new Play(numbers, ++played);
      for (const each of deeds) {
        await play.do(each);
        done += 1;
        if (!(await stillRoom(play))) break;
      }
      expect(await play.end()).toEqual([]);
    }),
    { numRuns: runs, seed, endOnFailure: true },
  );
  process.stderr.write(
    `hostile: ${String(played)} plays of sessions, ${String(done)} deeds; again with HOSTILE_SEED=${String(seed)}\n`,
  );
});

/** A play ends once there is no number for somebody who may have one. */
async function stillRoom(play: Play): Promise<boolean> {
  const records = await play.records();
  return records.filter(({ state }) => state === 'Verified').length >= customers.length;
}
