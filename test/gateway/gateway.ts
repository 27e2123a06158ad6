import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { createLogger, type Logger } from '../../settings/logger';
import { readSettings } from '../../settings';
import { createGateway, type GatewaySettings } from '../../gateway';
import { findClaims } from '../../client/reconcile/find-claims';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { workflowIdOf } from '../../contract/workflow-ids';
import { publicUrl, secrets, type Letter } from './sender';

export const everySecret: Record<string, string> = {
  GATEWAY_URL: publicUrl,
  TWILIO_AUTH_TOKEN: secrets.twilio,
  OTP_WEBHOOK_SECRET: secrets.otp,
  TELNYX_PUBLIC_KEY: secrets.telnyxPublic,
  VONAGE_SIGNATURE_SECRET: secrets.vonage,
  PLIVO_AUTH_TOKEN: secrets.plivo,
  ELKS_WEBHOOK_LOGIN: secrets.elks,
  BANDWIDTH_WEBHOOK_LOGIN: secrets.bandwidth,
  META_APP_SECRET: secrets.app,
  META_VERIFY_TOKEN: secrets.verifyToken,
  GATEWAY_API_KEYS: secrets.apiKey,
  META_APP_ID: '1083460255',
  META_CONFIG_ID: '99',
  GATEWAY_PORT: '1',
};

export const settingsOf = (env: Record<string, string>): GatewaySettings =>
  readSettings(['payloads', 'webhooks', 'gateway', 'signupPage'], env);

/** A gateway in this process, with its log in a file. */
export class TestGateway {
  private constructor(
    readonly server: FastifyInstance,
    private readonly logFile: string,
  ) {}

  static async open(client: Client, env: Record<string, string> = everySecret): Promise<TestGateway> {
    const { logger, file } = loggerToFile();
    const { server } = await createGateway(settingsOf(env), {
      client,
      logger,
      findClaims: (wabaId, requestId) => findClaims(client, wabaId, requestId),
    });
    return new TestGateway(server, file);
  }

  async send({ method, url, headers, body }: Letter, remoteAddress = '192.0.2.1') {
    const answer = await this.server.inject({ method, url, headers, body, remoteAddress });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  }

  get log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

export function loggerToFile(): { logger: Logger; file: string } {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'preverified-')), 'log');
  return { logger: createLogger({ log: { level: 'trace' } }, openSync(file, 'w')), file };
}

/** A number's workflow; without a worker it keeps what it is sent. */
export async function startNumber(client: Client, digits: string): Promise<void> {
  await client.workflow.start('numberLifecycle', {
    taskQueue: NUMBERS_TASK_QUEUE,
    workflowId: workflowIdOf(digits),
    args: [{ phoneNumber: digits, portfolioId: '506914307656634' }],
  });
}

/** The signals that Temporal holds for a workflow, oldest first: their names and what they carry. */
export async function heldFor(client: Client, workflowId: string): Promise<{ name: string; payload: any }[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const signals = (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? []);
  return Promise.all(
    signals.map(async ({ signalName, input }) => {
      const [first] = await decode(client, input?.payloads ?? []);
      return { name: String(signalName), payload: first };
    }),
  );
}

async function decode(client: Client, payloads: any[]): Promise<any[]> {
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let decoded = payloads;
  for (const codec of payloadCodecs) decoded = await codec.decode(decoded);
  return decoded.map((payload) => payloadConverter.fromPayload(payload));
}
