import { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createNumberActivities } from '../../activities';
import { createGraphClient, type GraphClientOptions } from '../../activities/graph';
import type { GraphFailure } from '../../contract/graph-failure';
import { SimulatorClient } from '../../simulator/client';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import type { BusinessId, PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from '../../contract/ids';
import { quietLogger } from '../support/quiet';

export const portfolioId = '506914307656634' as PortfolioId;
export const wabaId = '102290129340398' as WabaId;
export const partnerBusinessId = '1706193509821738' as BusinessId;
export const phoneNumber = '+15550783881';
export const TOKEN = 'EAAJBsecretTokenOfTheSystemUser';
export const POLICY_DAY = 86_400_000;

/** The simulator with the number's activities pointed at it. */
export class SimulatedMeta implements AsyncDisposable {
  private constructor(private readonly simulator: Simulator) {}

  static async start(options: SimulatorOptions = {}): Promise<SimulatedMeta> {
    return new SimulatedMeta(await startSimulator(options));
  }

  get url(): string {
    return this.simulator.url;
  }

  activities(options: Partial<GraphClientOptions> = {}) {
    const graph = createGraphClient({
      baseUrl: this.simulator.url,
      version: 'v24.0',
      accessToken: TOKEN,
      ...options,
    });
    return createNumberActivities({ graph, policyDay: POLICY_DAY });
  }

  /** A number in the pool, verified if asked. */
  async inPool(verified = false): Promise<PreverifiedId> {
    const { preverifiedId } = await attempt(this.activities().addNumber, { portfolioId, phoneNumber });
    if (verified) await this.verify(preverifiedId);
    return preverifiedId;
  }

  async verify(id: PreverifiedId): Promise<void> {
    const target = { kind: 'preverified' as const, id };
    await attempt(this.activities().requestCode, { target, method: 'SMS', language: 'en_US' });
    await attempt(this.activities().verifyCode, {
      target,
      code: await this.lastCode(),
      verifiedBefore: null,
    });
  }

  /** A customer picks the number in the signup screen. */
  async claim(preverifiedId: PreverifiedId, waba: WabaId = wabaId): Promise<PhoneNumberId> {
    const { phoneNumberId } = await this.control<{ phoneNumberId: PhoneNumberId }>('claim', {
      preverifiedId,
      wabaId: waba,
    });
    return phoneNumberId;
  }

  /** Six digits of the newest message to the number. */
  async lastCode(): Promise<string> {
    const messages = await this.messages();
    return messages.at(-1)?.text.replace(/\D/g, '') ?? '';
  }

  messages(): Promise<{ text: string; method: string }[]> {
    return this.control('messages');
  }

  /** How often a call came in, and the names of all: `calls('request_code')`. */
  async calls(call: string): Promise<number> {
    return (await this.control<unknown[]>(`calls?call=${call}`)).length;
  }

  fault(fault: object): Promise<unknown> {
    return this.control('faults', fault);
  }

  advance(days: number): Promise<unknown> {
    return this.control('clock', { advance: `${String(days)} days` });
  }

  async now(): Promise<number> {
    return Date.parse((await this.control<{ now: string }>('clock')).now);
  }

  /** A call of somebody else's. */
  async graph<Answer>(
    method: string,
    path: string,
    parameters: Record<string, string> = {},
  ): Promise<Answer> {
    const url = new URL(`/v24.0/${path}`, this.simulator.url);
    url.search = new URLSearchParams(parameters).toString();
    const answer = await fetch(url, { method, headers: { authorization: `Bearer ${TOKEN}` } });
    if (!answer.ok) throw new Error(`${method} ${path}: ${String(answer.status)}`);
    return (await answer.json()) as Answer;
  }

  control<Answer>(path: string, body?: object): Promise<Answer> {
    return new SimulatorClient(this.simulator.url).request(body ? 'POST' : 'GET', path, body);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.simulator.close();
  }
}

type Activity<Input, Output> = (input: Input) => Promise<Output>;

/** One attempt, as Temporal makes it. */
export function attempt<Input, Output>(
  activity: Activity<Input, Output>,
  input: Input,
  number = 1,
): Promise<Output> {
  return new MockActivityEnvironment({ attempt: number }, { logger: quietLogger }).run(activity, input);
}

/** Attempts until one succeeds or fails for good, as Temporal makes them but without the pauses. */
export async function attempts<Input, Output>(
  activity: Activity<Input, Output>,
  input: Input,
): Promise<Output> {
  for (let number = 1; number < 10; number++) {
    try {
      return await attempt(activity, input, number);
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.nonRetryable) throw error;
    }
  }
  throw new Error('ten attempts and no end');
}

export async function failureOf(promise: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApplicationFailure) return error;
  throw new Error('expected an ApplicationFailure', { cause: error });
}

/** What the workflow is told, with the failure's type. */
export async function graphFailureOf(promise: Promise<unknown>): Promise<GraphFailure & { type: string }> {
  const { type, details, nonRetryable } = await failureOf(promise);
  expect(nonRetryable).toBe(type === 'GraphError');
  return { type: type ?? '', ...(details?.[0] as GraphFailure) };
}
