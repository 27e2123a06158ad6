import * as v from 'valibot';
import type { WabaId } from '../../../contract/ids';
import { flag, lenient, readTime, wabaIdAnswer } from '../parsers';
import type { Send } from '../send';

/** The app whose secret we hold. */
interface App {
  id: string;
  secret: string;
}

/** What Meta says of an access token. */
export interface TokenFacts {
  valid: boolean;
  /** ISO 8601; `null` for a token that does not expire, or where Meta does not say. */
  expiresAt: string | null;
  /** Permissions: `whatsapp_business_management`. */
  scopes: string[];
  /** The WABAs that the customer granted, the newest first; empty where the token is not narrowed to any. */
  wabaIds: WabaId[];
}

const Token = v.object({ access_token: v.pipe(v.string(), v.nonEmpty()) });

/** A list whose unreadable rows are left out. */
const rows = <Output>(row: v.GenericSchema<unknown, Output>) =>
  lenient(
    v.pipe(
      v.array(v.unknown()),
      v.transform((list) => list.map((item) => v.safeParse(row, item))),
      v.transform((read) => read.flatMap((each) => (each.success ? [each.output] : []))),
    ),
  );

const GranularScope = v.object({ scope: v.string(), target_ids: rows(wabaIdAnswer) });

const DebugAnswer = v.object({
  data: v.object({
    is_valid: flag,
    expires_at: v.optional(v.unknown()),
    scopes: rows(v.string()),
    granular_scopes: rows(GranularScope),
  }),
});

/** Calls about tokens (docs/rules.md, Whose token). */
export const tokenCalls = (send: Send) => ({
  /** Exchanges the code of a signup, which lives 30 seconds, for the customer's access token. */
  async exchangeSignupCode(app: App, code: string): Promise<string> {
    const params = { client_id: app.id, client_secret: app.secret, code };
    const answer = await send({ method: 'GET', path: 'oauth/access_token', params, token: null }, Token);
    return answer.access_token;
  },

  /** Whether a token is good, for how long, with which permissions and for which WABAs. */
  async debugToken(app: App, token: string): Promise<TokenFacts> {
    const params = { input_token: token };
    const { data } = await send(
      { method: 'GET', path: 'debug_token', params, token: `${app.id}|${app.secret}` },
      DebugAnswer,
    );
    const granular = data.granular_scopes ?? [];
    const expiresAt = readTime(data.expires_at);
    const wabasOf = (scope: string) => granular.find((each) => each.scope === scope)?.target_ids;
    return {
      valid: data.is_valid === true,
      expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
      scopes: [...new Set([...(data.scopes ?? []), ...granular.map(({ scope }) => scope)])],
      wabaIds: wabasOf('whatsapp_business_management') ?? wabasOf('whatsapp_business_messaging') ?? [],
    };
  },
});
