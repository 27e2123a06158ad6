import type { KeyObject } from 'node:crypto';
import cors from '@fastify/cors';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { createGraphClient } from '../../activities/graph';
import { NumberPool } from '../../client';
import type { Records } from '../../records';
import type { Logger } from '../../settings/logger';
import type { PortfolioId, WabaId } from '../../contract/ids';
import { keepRawBodies } from '../body';
import { withDeadline, type FindClaims } from '../signals';
import { signupCode } from './code';
import { signupCodeExchange } from './code-exchange';
import { signupConfig } from './config';
import { Connections, connectUnlessLeaving } from './connections';
import { signupEvents } from './events';
import { ExchangedCodes } from './exchanged-codes';
import { HintedSearches } from './hinted-searches';
import { SignupLimits } from './limits';
import { MetaApp } from './meta-app';
import { signupPage, type PageSettings } from './page';
import { SessionTokens, type Session } from './session-tokens';

export interface SignupDependencies {
  client: Client;
  findClaims: FindClaims;
  page: PageSettings;
  /** Whose numbers are offered; `null` for all that there are. */
  portfolioId: PortfolioId | null;
  /** Of the Facebook Login for Business configuration. */
  configId: string;
  apiKeys: readonly string[];
  /** Of sessions' tokens: the first seals, all open. */
  keys: readonly [KeyObject, ...KeyObject[]];
  /** What codes are exchanged with, and where their tokens go; `null` where there is none: they are not taken in then. */
  exchange: ExchangeSettings | null;
  logger: Logger;
}

export interface ExchangeSettings {
  records: Records;
  appSecret: string;
  callsPerSecond: number;
}

/** Everything under `/signup`. No cookie tells who asks, so a partner's own page may call it from any origin. */
export function signupRoutes({
  client,
  findClaims,
  page,
  portfolioId,
  configId,
  apiKeys,
  keys,
  exchange,
  logger,
}: SignupDependencies) {
  const tokens = new SessionTokens(keys);
  const pool = new NumberPool(client, {
    by: 'signup page',
    answerWithin: 15_000,
    warn: (message) => logger.warn(message),
    ...(portfolioId !== null && { portfolioId }),
  });
  return async (server: FastifyInstance): Promise<void> => {
    await server.register(
      async (signup) => {
        await signup.register(cors, {
          origin: '*',
          methods: ['GET', 'POST'],
          allowedHeaders: ['authorization', 'content-type'],
          maxAge: 600,
        });
        keepRawBodies(signup);
        signupPage(signup, page, exchange !== null);
        const limits = new SignupLimits(signup);
        signupConfig(signup, { tokens, client, pool, limits, apiKeys, configId });
        const searches = new HintedSearches(findClaims);
        const onNamed = exchange ? codeExchange(signup, exchange, searches, limits) : () => undefined;
        signupEvents(signup, { tokens, client, searches, limits, onNamed });
        signupCode(signup, { tokens, pool, limits });
      },
      { prefix: '/signup' },
    );
  };
  /** Opens the route for codes, and goes on with those that came before. */
  function codeExchange(
    server: FastifyInstance,
    { records, appSecret: secret, callsPerSecond }: ExchangeSettings,
    searches: HintedSearches,
    limits: SignupLimits,
  ) {
    const { signupExchanges: exchanges, customerTokens } = records;
    const { appId: id, graphUrl: baseUrl, graphVersion: version } = page;
    const graph = createGraphClient({
      ...{ baseUrl, version, accessToken: `${id}|${secret}`, appSecret: secret },
      timeout: answerWithin,
    });
    const app = new MetaApp(graph, { id, secret }, callsPerSecond);
    const connections = new Connections({
      ...{ exchanges, tokens: customerTokens, app, searches, logger },
      connect: (wabaId, customerId) =>
        withDeadline(client, () => connectUnlessLeaving(pool, wabaId, customerId)),
    });
    const codes = new ExchangedCodes({ exchanges, connections, app, secret, logger });
    signupCodeExchange(server, { tokens, codes, limits });
    server.addHook('onReady', (done) => {
      connections.start();
      done();
    });
    server.addHook('onClose', () => connections.stop());
    return (session: Session, wabaIds: readonly WabaId[]) => {
      exchanges.name(session.id, wabaIds, new Date().toISOString()).then(
        () => connections.goOn(),
        // The code goes without it: where the customer granted several, the newest is mostly the one that was named.
        (error: unknown) => logger.warn({ reason: (error as Error).message }, 'a named WABA was not kept'),
      );
    };
  }
}

/** Milliseconds for one call to Meta: a code has time for another try. */
const answerWithin = 10_000;
