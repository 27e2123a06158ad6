import * as v from 'valibot';

/** What Twilio says of a message or call whose words will not come. */
export interface TwilioFailure {
  /** `null` where it does not say which number it is about. */
  to: string | null;
  from: string | null;
  sid: string;
  undelivered: string;
}

const text = v.optional(v.string());
const Fields = v.object({
  To: text,
  From: text,
  MessageSid: text,
  CallSid: text,
  ErrorCode: text,
  ErrorUrl: text,
  MessageStatus: text,
  SmsStatus: text,
  TranscriptionStatus: text,
  RecordingStatus: text,
  CallStatus: text,
  Level: text,
  Payload: text,
});

/** What the debugger posts about an error, in the field `Payload`. */
const Debugged = v.object({
  resource_sid: v.nullish(v.string()),
  error_code: v.union([v.string(), v.number()]),
  webhook: v.nullish(
    v.object({ request: v.nullish(v.object({ parameters: v.nullish(v.record(v.string(), v.unknown())) })) }),
  ),
  more_info: v.nullish(v.record(v.string(), v.unknown())),
});

/**
 * The failure that a request is about, `null` where it is about none: a message that Twilio redacted or filtered (30038 is
 * of one-time codes), as the message's status or the debugger's word; a transcription that failed, a call that nobody answered.
 */
export function failureIn(fields: Readonly<Record<string, unknown>>): TwilioFailure | null {
  const { success, output } = v.safeParse(Fields, fields);
  if (!success) return null;
  const { To, From = null, MessageSid, CallSid } = output;
  const undelivered = reasonIn(output);
  if (undelivered !== null) {
    return { to: To ?? null, from: From, sid: MessageSid ?? CallSid ?? '', undelivered };
  }
  return output.Level === undefined || output.Payload === undefined ? null : failureDebugged(output.Payload);
}

function reasonIn(fields: v.InferOutput<typeof Fields>): string | null {
  const { TranscriptionStatus, RecordingStatus, CallStatus } = fields;
  // With an address it is the error of a webhook that failed before: this is the fallback request, with the same words.
  const ErrorCode = fields.ErrorUrl === undefined ? fields.ErrorCode : undefined;
  const messageStatus = fields.MessageStatus ?? fields.SmsStatus ?? '';
  if (ErrorCode !== undefined && ErrorCode !== '' && ErrorCode !== '0') return ofError(ErrorCode);
  if (/^(failed|undelivered)$/.test(messageStatus)) return `Twilio calls the message ${messageStatus}`;
  if (TranscriptionStatus === 'failed') return 'Twilio could not transcribe the call';
  if (RecordingStatus === 'failed' || RecordingStatus === 'absent')
    return 'Twilio has no recording of the call';
  return /^(busy|no-answer|failed|canceled)$/.test(CallStatus ?? '')
    ? `the call ended as ${String(CallStatus)}`
    : null;
}

function failureDebugged(payload: string): TwilioFailure | null {
  const { success, output } = v.safeParse(Debugged, parsed(payload));
  if (!success) return null;
  const known = { ...output.more_info, ...output.webhook?.request?.parameters };
  const said = (...names: string[]) =>
    names.map((name) => known[name]).find((value) => typeof value === 'string') ?? null;
  return {
    to: said('To', 'to'),
    from: said('From', 'from'),
    sid: output.resource_sid ?? '',
    undelivered: ofError(String(output.error_code)),
  };
}

const ofError = (code: string) =>
  code === '30038'
    ? 'Twilio redacted it as a one-time code (error 30038)'
    : `Twilio reports error ${code.replace(/\D/g, '').slice(0, 6)}`;

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
