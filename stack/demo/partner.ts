import { setTimeout } from 'node:timers/promises';

/** A customer's way through signup. */
export interface Signup {
  token: string;
  /** What the popup offers. */
  preverifiedId: string;
}

/** A partner: its server, which knows an API key, and its page, which knows what the popup said. */
export class Partner {
  constructor(
    private readonly gatewayUrl: string,
    private readonly apiKey: string,
  ) {}

  /** Reserves a number of the country for a customer; asks again while none is free. */
  async beginSignup(customer: string, country: string): Promise<Signup> {
    const query = new URLSearchParams({ customer, country });
    const headers = { authorization: `Bearer ${this.apiKey}` };
    for (;;) {
      const answer = await fetch(`${this.gatewayUrl}/signup/config?${query.toString()}`, { headers });
      if (answer.status === 503) await setTimeout(Number(answer.headers.get('retry-after')) * 1000);
      else {
        const { token, config } = await accepted<Configuration>(answer);
        return { token, preverifiedId: config.extras.setup.preVerifiedPhone.ids[0] };
      }
    }
  }

  /** Hands on to the gateway what the popup sent the page. */
  async report({ token }: Signup, event: string, data: Record<string, string>): Promise<void> {
    const message = { type: 'WA_EMBEDDED_SIGNUP', version: '3', event, data };
    const body = JSON.stringify({ token, message });
    await accepted(await fetch(`${this.gatewayUrl}/signup/events`, { method: 'POST', body }));
  }

  /** Hands on the code that the login callback brought; `false` where the customer must sign in again. */
  async handIn({ token }: Signup, code: string): Promise<boolean> {
    const body = JSON.stringify({ token, code });
    const answer = await fetch(`${this.gatewayUrl}/signup/code-exchange`, { method: 'POST', body });
    if (answer.status === 410) return false;
    await accepted(answer);
    return true;
  }
}

interface Configuration {
  token: string;
  config: { extras: { setup: { preVerifiedPhone: { ids: [string] } } } };
}

async function accepted<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw new Error(`The gateway answered ${String(answer.status)}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
