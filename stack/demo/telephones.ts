import type { PhoneMessage, SimulatorClient } from '../../simulator/client';
import { send, twilioCall, twilioSms, type TwilioAccount } from '../senders';

/** A telephone provider in Twilio's place: hands on to the gateway what the numbers' telephones receive, SMS and calls. */
export async function runTelephones(
  sim: SimulatorClient,
  account: TwilioAccount,
  signal: AbortSignal,
): Promise<void> {
  for await (const message of sim.messages(signal)) {
    await send(account.gatewayUrl, asTwilio(message, account), signal);
  }
}

const asTwilio = ({ id, to, method, text }: PhoneMessage, account: TwilioAccount) =>
  method === 'SMS'
    ? twilioSms(`+${to}`, text, `SM${String(id)}`, account)
    : twilioCall(`+${to}`, text, `CA${String(id)}`, account);
