import { createHmac } from 'node:crypto';

/** An app of a partner, as Meta knows it. */
export class App {
  /** Learnt from whoever shows it first, unless it was set. */
  secret: string | null = null;
  /** The portfolio that WABAs are shared with in its signup; `null`: the one whose number is picked. */
  portfolioId: string | null = null;
  /** Where its webhooks are delivered. */
  callbackUrl: string | null = null;

  constructor(public id: string) {}

  get name(): string {
    return `App ${this.id}`;
  }

  /** Whether that is its secret. One that nobody has shown yet is learnt. */
  hasSecret(secret: string): boolean {
    this.secret ??= secret;
    return this.secret === secret;
  }

  /** `appsecret_proof` of a token; what cannot be checked is taken. */
  hasSigned(token: string, proof: string | undefined): boolean {
    if (proof === undefined || this.secret === null) return true;
    return createHmac('sha256', this.secret).update(token).digest('hex') === proof;
  }
}

/** Every app that was named. Tokens that come from nowhere belong to the first. */
export class Apps {
  readonly first = new App('1');
  readonly #named = new Map<string, App>();

  /** The app of that ID, new if it is named for the first time. */
  named(id: string): App {
    const known = this.#named.get(id);
    if (known) return known;
    const app = this.#named.size === 0 ? this.first : new App(id);
    app.id = id;
    this.#named.set(id, app);
    return app;
  }
}
