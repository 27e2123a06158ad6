import type { KeyObject } from 'node:crypto';
import cors from '@fastify/cors';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { NumberPool } from '../../client';
import type { Logger } from '../../settings/logger';
import type { PortfolioId } from '../../contract/ids';
import { keepRawBodies } from '../body';
import type { FindClaims } from '../signals';
import { signupCode } from './code';
import { signupConfig } from './config';
import { signupEvents } from './events';
import { SignupLimits } from './limits';
import { signupPage, type PageSettings } from './page';
import { SessionTokens } from './session-tokens';

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
  logger: Logger;
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
        signupPage(signup, page);
        const limits = new SignupLimits(signup);
        signupConfig(signup, { tokens, client, pool, limits, apiKeys, configId });
        signupEvents(signup, { tokens, client, findClaims, limits });
        signupCode(signup, { tokens, pool, limits });
      },
      { prefix: '/signup' },
    );
  };
}
