import type { IncomingHttpHeaders } from 'node:http';
import type { CodeMethod } from '../../contract/messages';

/** A request of a carrier's, as it came. */
export interface CarrierRequest {
  method: string;
  /** The address that the carrier called, as it knows it, with the query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** What stands in the query. */
  query: Readonly<Record<string, string | string[]>>;
  /** What stands in the body, a form or JSON; `{}` where nothing can be read. */
  content: unknown;
}

/** A message or a call that a number received, or of which it was kept from receiving the words. */
export interface CarrierMessage {
  to: string;
  from: string | null;
  text: string;
  method: CodeMethod;
  /** The carrier's own ID of it, the same at every repeat. */
  id: string;
  /** Why its words will not come: the carrier's reason. */
  undelivered?: string;
}

/** A carrier's webhooks: how they prove where they come from, and what they say. Another carrier is another of these. */
export interface Carrier {
  /** As people write it: `Telnyx`. */
  name: string;
  /** `/otp/telnyx` */
  path: string;
  /** What a request without the right proof is told. */
  demands: string;
  /** Whether this secret proves that the request is the carrier's, and of now where it says when it was made. */
  isProvedBy: (secret: string, request: CarrierRequest) => boolean;
  /**
   * What numbers received; none where the request is about something else.
   *
   * @throws {HttpError} 400 where it cannot be read
   */
  read: (request: CarrierRequest) => CarrierMessage[];
  /** The status that means "do not send it again", where the carrier takes 200 alone for that. */
  taken?: 200;
}

/**
 * Whether a field can stand in what a carrier signs. Before the signature is checked anybody may have written it, and an object
 * of JSON may have no text: `{"toString": 1}` makes String throw.
 */
export const isSignable = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** How far a signed time may be from now, as Standard Webhooks, Telnyx and Vonage advise. */
const tolerance = 5 * 60;

/** @param seconds since 1970 */
export const isOfNow = (seconds: number) => Math.abs(Date.now() / 1000 - seconds) <= tolerance;
