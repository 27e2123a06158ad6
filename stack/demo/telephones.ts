import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import type { Meta, PhoneMessage } from '../meta';

/**
 * A telephone provider in Twilio's place: hands on to the gateway what the numbers' telephones receive, SMS and calls,
 * signed as Twilio signs.
 */
export async function runTelephones(
  meta: Meta,
  { gatewayUrl, authToken }: { gatewayUrl: string; authToken: string },
  signal: AbortSignal,
): Promise<void> {
  for await (const message of meta.messages(signal)) {
    const { path, form } = webhook(message);
    const url = `${gatewayUrl}${path}`;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'x-twilio-signature': getExpectedTwilioSignature(authToken, url, form) },
      body: new URLSearchParams(form),
      signal,
    });
    if (!answer.ok) throw new Error(`the gateway answered ${String(answer.status)}: ${await answer.text()}`);
  }
}

function webhook({ id, to, method, text }: PhoneMessage): { path: string; form: Record<string, string> } {
  const To = `+${to}`;
  return method === 'SMS'
    ? { path: '/otp/sms', form: { To, Body: text, MessageSid: `SM${String(id)}` } }
    : { path: '/otp/voice', form: { To, TranscriptionText: text, CallSid: `CA${String(id)}` } };
}
