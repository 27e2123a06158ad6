import type { KeyObject } from 'node:crypto';
import cors from '@fastify/cors';
import type { Client } from '@temporalio/client';
import type { FastifyPluginAsync } from 'fastify';
import type { NumberPool } from '../../client';
import type { FindClaims } from '../meta/webhooks';
import { keepRawBodies } from '../raw-body';
import { signupCode } from './code';
import { signupConfig } from './config';
import { signupEvents } from './events';
import { signupPage, type PageSettings } from './page';
import { SessionTokens } from './session-tokens';

export interface SignupDependencies {
  client: Client;
  pool: NumberPool;
  findClaims: FindClaims;
  settings: PageSettings & {
    /** Of the Facebook Login for Business configuration. */
    configId: string;
    apiKeys: readonly string[];
    /** What tokens are made with: the first makes them, each reads them. */
    secrets: readonly [KeyObject, ...KeyObject[]];
  };
}

/** Everything under `/signup`. A partner's own page may use it from its own origin: no cookie tells who asks. */
export function signupRoutes({ client, pool, findClaims, settings }: SignupDependencies): FastifyPluginAsync {
  const { configId, apiKeys } = settings;
  const tokens = new SessionTokens(settings.secrets);
  return async (server) => {
    await server.register(
      async (signup) => {
        await signup.register(cors, {
          origin: '*',
          methods: ['GET', 'POST'],
          allowedHeaders: ['authorization', 'content-type'],
          maxAge: 600,
        });
        keepRawBodies(signup);
        signupPage(signup, settings);
        signupConfig(signup, { tokens, client, pool, apiKeys, configId });
        signupEvents(signup, { tokens, client, findClaims });
        signupCode(signup, { tokens, pool });
      },
      { prefix: '/signup' },
    );
  };
}
