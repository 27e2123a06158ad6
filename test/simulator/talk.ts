import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';

export const portfolio = '506914307656634';
export const waba = '102290129340398';
export const number = '15550783881';

/** What a test says to a simulator, over HTTP only. */
export interface Talk {
  simulator: Simulator;
  graph(
    method: string,
    path: string,
    parameters?: Record<string, unknown>,
    init?: RequestInit,
  ): Promise<Reply>;
  sim<Answer = any>(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Adds a number and answers its pre-verified ID. */
  add(phoneNumber?: string): Promise<string>;
  /** The code that the number received last. */
  lastCode(phoneNumber?: string): Promise<string>;
  /** Asks for a code for the object and hands it in. */
  verify(id: string, phoneNumber?: string): Promise<Reply>;
  advance(by: string | number): Promise<string>;
}

export interface Reply {
  status: number;
  headers: Headers;
  body: any;
}

/** A simulator whose clock stands still unless it is moved: 2026-01-01 and half a second. */
export async function startTalk(options: SimulatorOptions = {}): Promise<Talk> {
  const begin = Date.parse('2026-01-01T00:00:00.500Z');
  const simulator = await startSimulator({ seed: 7, now: () => begin, ...options });
  return talkTo(simulator);
}

function talkTo(simulator: Simulator): Talk {
  const talk: Talk = {
    simulator,
    async graph(method, path, parameters = {}, init = {}) {
      const url = new URL(`/v24.0/${path}`, simulator.url);
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
      const response = await fetch(url, { method, headers: { authorization: 'Bearer EAAJB' }, ...init });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? null : JSON.parse(text),
      };
    },
    async sim(method, path, body) {
      const response = await fetch(`${simulator.url}/_sim/${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return (await response.json()) as never;
    },
    async add(phoneNumber = number) {
      const { body } = await talk.graph('POST', `${portfolio}/add_phone_numbers`, {
        phone_number: phoneNumber,
      });
      return body.id as string;
    },
    async lastCode(phoneNumber = number) {
      const messages = await talk.sim<{ text: string }[]>('GET', `messages?to=${phoneNumber}`);
      const code = /(\d{3})-?(\d{3})/.exec(messages.at(-1)?.text ?? '');
      return `${String(code?.[1])}${String(code?.[2])}`;
    },
    async verify(id, phoneNumber = number) {
      await talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US' });
      return talk.graph('POST', `${id}/verify_code`, { code: await talk.lastCode(phoneNumber) });
    },
    async advance(by) {
      return (await talk.sim<{ now: string }>('POST', 'clock', { advance: by })).now;
    },
  };
  return talk;
}
