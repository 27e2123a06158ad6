import type { InferInput } from 'valibot';
import type { AssumptionSettings } from './assumptions';
import type { LoggedCall } from './control/call-log';
import type { Fault } from './control/fault';
import type { describeWaba, leavings } from './control/customer-routes';
import type { listNumbers } from './control/numbers';
import type { SystemToken } from './control/partner-routes';
import type { AccessToken } from './meta/access-token';
import type { NameStatus } from './meta/display-name';
import type { Mute, WhatsAppMessage } from './meta/messaging';
import type { CodeMethod, PhoneMessage, Reception } from './phone-network/phone-network';
import type { Delivery } from './webhooks/deliveries';

export type { AssumptionSettings, LoggedCall, PhoneMessage, Reception };

/** A number that was ever added, and where it is. */
export type ListedNumber = ReturnType<typeof listNumbers>[number];
export type ListedWaba = ReturnType<typeof describeWaba>;
export type ListedToken = Omit<AccessToken, 'text'> & { token: string };
export type SystemTokenSettings = InferInput<typeof SystemToken>;
/** A token by its text, or the newest that a customer granted for a WABA. */
export type WhichToken = { token: string } | { wabaId: string };
export type FaultSettings = InferInput<typeof Fault>;

/** How long one long poll waits: short of the five minutes after which Node's fetch gives up on an answer. */
const longPoll = '2 minutes';

/**
 * Steers a running simulator by its control under `/_sim/`, in the place of customers, telephones, time and Meta's bad
 * days. What waits does so for as long as it takes: how long is too long only the caller knows.
 */
export class SimulatorClient {
  readonly #lastRead = new Map<string, number>();

  /** @param url of the simulator, such as `http://127.0.0.1:4010` */
  constructor(readonly url: string) {}

  /** The text of the next message that the number receives; waits for it. */
  async nextMessage(number: string): Promise<string> {
    for (;;) {
      const after = this.#lastRead.get(number) ?? 0;
      const [next] = await this.#messages({ to: number, after: String(after), wait: longPoll });
      if (!next) continue;
      this.#lastRead.set(number, next.id);
      return next.text;
    }
  }

  /** The text of the newest message that the number has received. */
  async latestMessage(number: string): Promise<string> {
    const latest = (await this.messagesTo(number)).at(-1);
    if (!latest) throw new Error(`+${number} has received nothing`);
    return latest.text;
  }

  /** What the number has received, newest last. */
  messagesTo(number: string): Promise<PhoneMessage[]> {
    return this.#messages({ to: number });
  }

  /** Every message of the network with a greater ID. */
  messagesAfter(id: number): Promise<PhoneMessage[]> {
    return this.#messages({ after: String(id) });
  }

  /** Every message of the network, as it comes, until the signal aborts. */
  async *messages(signal: AbortSignal): AsyncGenerator<PhoneMessage> {
    let after = 0;
    while (!signal.aborted) {
      for (const message of await this.#messages({ after: String(after), wait: longPoll }, signal)) {
        after = message.id;
        yield message;
      }
    }
  }

  /** How the telephone takes calls and messages from now on. */
  async setPhone(number: string, takes: Partial<Record<CodeMethod, Reception>>): Promise<void> {
    await this.request('POST', 'phones', { number, ...takes });
  }

  /** A customer picks the number in the signup popup. */
  claim(preverifiedId: string, wabaId: string): Promise<{ phoneNumberId: string }> {
    return this.request('POST', 'claim', { preverifiedId, wabaId });
  }

  /** The same for a number whose ID at Meta the caller does not know. @throws where it is in no pool */
  claimNumber(phoneNumber: string, wabaId: string): Promise<{ phoneNumberId: string }> {
    return this.request('POST', 'claim', { phoneNumber, wabaId });
  }

  /** The same; `null` where it is in no pool. */
  async claimIfInPool(phoneNumber: string, wabaId: string): Promise<{ phoneNumberId: string } | null> {
    const { place } = (await this.numbers()).findLast((number) => number.phoneNumber === phoneNumber) ?? {};
    return place === 'pool' ? this.claimNumber(phoneNumber, wabaId) : null;
  }

  /** Every number that was ever added, oldest first. */
  numbers(): Promise<ListedNumber[]> {
    return this.request('GET', 'numbers');
  }

  /** The Graph calls that came in, in order. */
  calls(filter: { call?: string; number?: string } = {}): Promise<LoggedCall[]> {
    return this.request('GET', `calls?${new URLSearchParams(filter).toString()}`);
  }

  /** The first call of that name about the number that has succeeded; waits for it. */
  async succeeded(call: string, number: string): Promise<LoggedCall> {
    const query = new URLSearchParams({ call, number, wait: longPoll });
    for (;;) {
      const calls = await this.request<LoggedCall[]>('GET', `calls?${query.toString()}`);
      const found = calls.find(({ status }) => status === 200);
      if (found) return found;
    }
  }

  /** Moves Meta's clock, against everybody else's. @param by a real time such as `90 days`, or milliseconds */
  async advanceClock(by: string | number): Promise<void> {
    await this.request('POST', 'clock', { advance: by });
  }

  /** Sets Meta's clock, which runs on from there. @param now epoch milliseconds */
  async setClock(now: number): Promise<void> {
    await this.request('POST', 'clock', { now });
  }

  /** What is to go wrong from now on. */
  async fault(faults: FaultSettings | readonly FaultSettings[]): Promise<void> {
    await this.request('POST', 'faults', faults);
  }

  async clearFaults(): Promise<void> {
    await this.request('DELETE', 'faults');
  }

  /** Settles when a call waits at the barrier. */
  async arrived(barrier: string): Promise<void> {
    await this.request('GET', `barriers/${barrier}`);
  }

  async release(barrier: string): Promise<void> {
    await this.request('POST', `barriers/${barrier}/release`);
  }

  /** Meta refuses every access token from now on, until they are restored. */
  async expireTokens(): Promise<void> {
    await this.request('POST', 'tokens/expire', {});
  }

  async restoreTokens(): Promise<void> {
    await this.request('POST', 'tokens/restore');
  }

  /** A customer ends what they shared with the partner, and Meta tells the partner's app. */
  async leave(wabaId: string, event: (typeof leavings)[number] = 'PARTNER_REMOVED'): Promise<void> {
    await this.request('POST', 'leave', { wabaId, event });
  }

  /** What a WABA is: whose, shared with whom, subscribed, funded. */
  setWaba(
    wabaId: string,
    change: {
      businessId?: string;
      sharedWith?: string[];
      assignedUserIds?: string[];
      paysItself?: boolean;
    } = {},
  ): Promise<ListedWaba> {
    return this.request('POST', 'wabas', { wabaId, ...change });
  }

  /** Every WABA that was ever named. */
  wabas(): Promise<ListedWaba[]> {
    return this.request('GET', 'wabas');
  }

  /** A signup's code, good for 30 seconds, by which the customer grants these WABAs. */
  async signupCode(...wabaIds: string[]): Promise<string> {
    return (await this.request<{ code: string }>('POST', 'signup-codes', { wabaIds })).code;
  }

  /** A system token; with `token` that very text. */
  issueToken(options: SystemTokenSettings = {}): Promise<{ token: string; userId: string }> {
    return this.request('POST', 'tokens', options);
  }

  /** Every token that was issued or shown: of system users, and of customers. */
  tokens(): Promise<ListedToken[]> {
    return this.request('GET', 'tokens');
  }

  /** Takes permissions from a token, or gives them. */
  async setPermissions(which: WhichToken, scopes: readonly string[]): Promise<void> {
    await this.request('POST', 'tokens/permissions', { ...which, scopes });
  }

  async revokeToken(which: WhichToken): Promise<void> {
    await this.request('POST', 'tokens/revoke', which);
  }

  /** The app's secret, the portfolio that signs customers up by it, and where its webhooks go. */
  async setApp(app: { id: string; secret?: string; portfolioId?: string; callbackUrl?: string }) {
    await this.request('POST', 'apps', app);
  }

  /** What Meta has posted to the callbacks of apps. */
  deliveries(): Promise<Delivery[]> {
    return this.request('GET', 'deliveries');
  }

  /** Meta posts this to the app's callback, signed, be it true or not. */
  deliver(change: { entryId: string; field: string; value: unknown; appId?: string }): Promise<Delivery> {
    return this.request('POST', 'deliveries', change);
  }

  /** A credit line of the portfolio's; with `id` of that very ID. */
  addCreditLine(portfolioId: string, id?: string): Promise<{ creditLineId: string }> {
    return this.request('POST', 'credit-lines', { portfolioId, ...(id && { id }) });
  }

  /** The customer deletes the number from its WABA. @throws while it is connected and the PIN is another, and within 30 days of a message */
  async deletePhoneNumber(phoneNumber: string, pin?: string): Promise<void> {
    await this.request('POST', 'phone-numbers/delete', { phoneNumber, ...(pin && { pin }) });
  }

  /** What Meta's review says of the number's display name, or of the one that is to take its place. */
  async reviewName(phoneNumber: string, status: NameStatus, newName?: string): Promise<void> {
    await this.request('POST', 'phone-numbers/name', { phoneNumber, status, ...(newName && { newName }) });
  }

  /** Somebody writes to a number on WhatsApp. */
  writeTo(
    number: string,
    text: string,
    from = '15550789999',
  ): Promise<{ delivered: boolean; why: Mute | null }> {
    return this.request('POST', 'whatsapp-messages', { from, to: number, text });
  }

  /** WhatsApp messages that went through, from the number and to it. */
  whatsAppMessages(number: string): Promise<WhatsAppMessage[]> {
    return this.request('GET', `whatsapp-messages?number=${number}`);
  }

  /** Switches for what Meta does not document. */
  async assume(assumptions: AssumptionSettings): Promise<void> {
    await this.request('POST', 'assumptions', assumptions);
  }

  #messages(query: Record<string, string>, signal?: AbortSignal): Promise<PhoneMessage[]> {
    return this.request('GET', `messages?${new URLSearchParams(query).toString()}`, undefined, signal);
  }

  /** Any request to the control. @throws with what the simulator says, where it refuses */
  async request<Answer>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Answer> {
    const response = await fetch(`${this.url}/_sim/${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    if (response.ok) return (await response.json()) as Answer;
    throw new Error(`The simulator refused ${method} ${path}: ${response.status} ${await response.text()}`);
  }
}
