import type { InferInput } from 'valibot';
import type { describeWaba, leavings } from './control/customer-routes';
import type { SystemToken } from './control/partner-routes';
import type { AccessToken } from './meta/access-token';
import type { NameStatus } from './meta/business-phone-number';
import type { WhatsAppMessage } from './meta/messages';
import type { Mute } from './meta/messaging';
import type { Delivery } from './webhooks/deliveries';

export type ListedWaba = ReturnType<typeof describeWaba>;
export type ListedToken = Omit<AccessToken, 'text'> & { token: string };
export type SystemTokenSettings = InferInput<typeof SystemToken>;
/** A token by its text, or the newest that a customer granted for a WABA. */
export type WhichToken = { token: string } | { wabaId: string };

/** The part of `SimulatorClient` that steers customers with their accounts, and what a partner has at Meta. */
export class CustomersClient {
  /** @param url of the simulator, such as `http://127.0.0.1:4010` */
  constructor(readonly url: string) {}

  /** A customer ends what they shared with the partner, and Meta tells the partner's app. */
  async leave(
    wabaId: string,
    event: (typeof leavings)[number] = 'PARTNER_REMOVED',
    { staysShared = false } = {},
  ): Promise<void> {
    await this.request('POST', 'leave', { wabaId, event, staysShared });
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
