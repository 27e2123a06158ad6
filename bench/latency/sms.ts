import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';

/** Where Twilio finds the gateway, and by what it signs. */
export const twilio = { GATEWAY_URL: 'https://numbers.example.com', TWILIO_AUTH_TOKEN: 'the-auth-token' };

/** Hands an SMS to the gateway, as Twilio does. */
export async function sendSms(gatewayUrl: string, to: string, text: string): Promise<void> {
  const path = '/otp/sms';
  const fields = { To: `+${to}`, Body: text, MessageSid: `SM${to}` };
  const { GATEWAY_URL, TWILIO_AUTH_TOKEN } = twilio;
  const { status } = await fetch(gatewayUrl + path, {
    method: 'POST',
    headers: {
      'x-twilio-signature': getExpectedTwilioSignature(TWILIO_AUTH_TOKEN, GATEWAY_URL + path, fields),
    },
    body: new URLSearchParams(fields),
  });
  if (status !== 202) throw new Error(`The gateway answered an SMS to +${to} with ${status}`);
}
