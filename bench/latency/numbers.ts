import pLimit from 'p-limit';
import type { NumberPool } from '../../client';
import type { Customers } from '../stack/customers';
import { send, twilioSms } from '../../stack/senders';

/** What was measured with one number, in milliseconds from when its SMS was due. */
export interface Sample {
  /** To Meta's being asked to verify the code. */
  verifyCode: number;
  /** To the gateway's answer: Temporal holds the code. */
  gateway: number;
  /** From an update that needs no call to Meta to its answer. */
  update: number;
}

/** Whose SMS the gateway takes. */
export const twilio = { gatewayUrl: 'https://numbers.example.com', authToken: 'the-auth-token' };

/** A number that waits for its code, and the SMS that brings it. */
export interface Waiting {
  number: string;
  text: string;
}

/** Numbers up to where each waits for its code. */
export function waitingNumbers(
  pool: NumberPool,
  customers: Customers,
  numbers: readonly string[],
): Promise<Waiting[]> {
  const limit = pLimit(20);
  return Promise.all(
    numbers.map((number) =>
      limit(async () => {
        await pool.add(number);
        const text = await customers.code(number, pool);
        await pool.waitUntil(number, ({ phase }) => phase === 'waiting');
        return { number, text };
      }),
    ),
  );
}

/** Sends the SMS, waits until Meta has verified the code, and then asks the number for something. */
export async function measure(
  { number, text }: Waiting,
  due: number,
  { pool, customers, gatewayUrl }: { pool: NumberPool; customers: Customers; gatewayUrl: string },
): Promise<Sample> {
  await send(gatewayUrl, twilioSms(`+${number}`, text, `SM${number}`, twilio));
  const gateway = Date.now() - due;
  const { at } = await customers.sim.succeeded('verify_code', number);
  const verifyCode = Date.parse(at) - due;
  await pool.waitFor(number, 'Verified');
  const before = performance.now();
  await pool.reserve(number, { customerId: 'c-1' });
  return { verifyCode, gateway, update: performance.now() - before };
}
