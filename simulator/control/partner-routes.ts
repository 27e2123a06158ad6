import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { Duration } from '../duration';
import { permissions, type AccessToken } from '../meta/access-token';
import { CreditLine } from '../meta/credit-line';
import type { Simulation } from '../simulation';
import { ControlError, read } from './control-error';

const text = v.pipe(v.string(), v.nonEmpty());
const id = v.pipe(v.string(), v.regex(/^\d+$/, 'must be digits'));
const Scopes = v.array(v.picklist(permissions));

export const SystemToken = v.strictObject({
  /** Its text, where it must be a certain one; a token that was shown before is replaced. */
  token: v.optional(text),
  role: v.optional(v.picklist(['admin', 'employee']), 'admin'),
  portfolioId: v.optional(id),
  userId: v.optional(id),
  /** Narrows it to these WABAs. */
  wabaIds: v.optional(v.array(id)),
  scopes: v.optional(Scopes, permissions.slice()),
  expiresIn: v.optional(Duration),
});

/** A token by its text, or the newest customer's token for a WABA. */
const Which = { token: v.optional(text), wabaId: v.optional(id) };
const Permissions = v.strictObject({ ...Which, scopes: Scopes });

const AppChange = v.strictObject({
  id,
  secret: v.optional(text),
  portfolioId: v.optional(id),
  callbackUrl: v.optional(v.pipe(v.string(), v.url('callbackUrl must be an address'))),
});

/** Whatever Meta might say, be it so or not. */
const AnyDelivery = v.strictObject({
  appId: v.optional(id),
  entryId: id,
  field: text,
  value: v.unknown(),
});

const NewCreditLine = v.strictObject({
  portfolioId: id,
  id: v.optional(id),
  legalEntityName: v.optional(text, 'Lucky Shrub Partners'),
});

/** What a partner has at Meta: tokens, apps, credit lines. */
export function partnerRoutes(
  server: FastifyInstance,
  { meta, tokens, clock, deliveries }: Simulation,
): void {
  const find = ({
    token,
    wabaId,
  }: {
    token?: string | undefined;
    wabaId?: string | undefined;
  }): AccessToken => {
    if (token !== undefined) return tokens.named(token);
    const found = tokens
      .list()
      .findLast(({ kind, wabaIds }) => kind === 'business' && wabaIds?.includes(wabaId ?? ''));
    if (found === undefined)
      throw new ControlError('say token, or a wabaId that a customer granted a token for');
    return found;
  };

  server.get('/tokens', () => tokens.list().map(({ text: token, ...rest }) => ({ token, ...rest })));
  server.post('/tokens', (request) => {
    const { token, expiresIn, ...asked } = read(SystemToken, request.body ?? {});
    const expiresAt = expiresIn === undefined ? null : clock.now() + expiresIn;
    const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    const issued = tokens.issue({ kind: 'system', ...given, expiresAt, ...(token && { text: token }) });
    return { token: issued.text, userId: issued.userId };
  });
  server.post('/tokens/permissions', (request) => {
    const { scopes, ...which } = read(Permissions, request.body);
    find(which).scopes = scopes;
    return {};
  });
  server.post('/tokens/revoke', (request) => {
    find(read(v.strictObject(Which), request.body)).revoked = true;
    return {};
  });
  server.post('/tokens/expire', (request) => {
    tokens.expire(read(v.strictObject({ token: v.optional(text) }), request.body ?? {}).token);
    return {};
  });
  server.post('/tokens/restore', () => {
    tokens.restore();
    return {};
  });

  server.post('/apps', (request) => {
    const { id: appId, ...change } = read(AppChange, request.body);
    Object.assign(meta.apps.named(appId), change);
    return {};
  });
  server.get('/deliveries', () => deliveries.list());
  server.post('/deliveries', async (request) => {
    const { appId, ...change } = read(AnyDelivery, request.body);
    const app = appId === undefined ? meta.apps.first : meta.apps.named(appId);
    const made = await deliveries.post(app, change);
    if (made === null) throw new ControlError('the app has no callbackUrl or no secret');
    return made;
  });

  server.post('/credit-lines', (request) => {
    const { portfolioId, legalEntityName, id: wanted } = read(NewCreditLine, request.body);
    const portfolio = meta.business(portfolioId);
    const line = new CreditLine(wanted ?? meta.newId(), portfolio.id, legalEntityName, meta.nextSequence());
    meta.creditLines.set(line.id, line);
    return { creditLineId: line.id };
  });
}
