import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createNumberActivities } from '../../activities';
import { createCustomerActivities } from '../../activities/customers';
import { createGraphClient } from '../../activities/graph';
import { latestChartVersion, latestCustomerChartVersion } from '../../contract/chart-version';
import { customerMessageNames } from '../../contract/customer-messages';
import { messageNames } from '../../contract/messages';
import { customerWorkflowIdOf, workflowIdOf } from '../../contract/workflow-ids';

/** What the recorded histories of a kind of life must hold. */
export interface Kind {
  /** Whose they are. */
  of: 'a number' | 'a customer';
  latest: number;
  /** Where those of a version stand. */
  folder: (version: number) => string;
  /** The lives that matter most. */
  lives: string[];
  calls: string[];
  messages: readonly string[];
}

const graph = createGraphClient({ baseUrl: 'http://127.0.0.1', version: 'v24.0', accessToken: 'none' });
const never = () => Promise.reject(new Error('never called'));
const settings = { app: null, creditLineId: null, systemUserId: null, currency: null };

export const kinds: Kind[] = [
  {
    of: 'a number',
    latest: latestChartVersion,
    folder: (version) => `v${String(version)}`,
    lives: ['happy-path', 'renewal', 'lapse'],
    // A PIN is set anew by a workflow of its own, after the number's life.
    calls: Object.keys(createNumberActivities({ graph, policyDay: 1 })).filter((name) => name !== 'setPin'),
    messages: messageNames,
  },
  {
    of: 'a customer',
    latest: latestCustomerChartVersion,
    folder: (version) => `customers/v${String(version)}`,
    lives: ['connected', 'step-failed', 'leaving', 'lie', 'token-dead'],
    calls: [
      ...Object.keys(
        createCustomerActivities({
          ...settings,
          graph,
          tokens: { state: never, check: never },
          numbersOf: never,
          returned: never,
          pinOf: never,
        }),
      ),
      'closeCustomer',
    ],
    messages: customerMessageNames,
  },
];

export const versionsOf = ({ latest }: Kind) => Array.from({ length: latest }, (_, index) => index + 1);

/** The files of a version, each with its folder. */
export const filesOf = ({ folder }: Kind, version: number) =>
  readdirSync(path.join(__dirname, folder(version))).map((name) => `${folder(version)}/${name}`);

export const histories = kinds.flatMap((kind) =>
  versionsOf(kind).flatMap((version) => filesOf(kind, version)),
);

export const read = (file: string) => readFileSync(path.join(__dirname, file), 'utf8');

/** What a run was started with, and the ID that its workflow had. */
export function startOf(file: string): { chartVersion?: number; workflowId: string } {
  const [started] = (JSON.parse(read(file)) as { events: Record<string, any>[] }).events;
  const { data } = started!['workflowExecutionStartedEventAttributes'].input.payloads[0];
  const { phoneNumber, wabaId, chartVersion } = JSON.parse(Buffer.from(data as string, 'base64').toString());
  return {
    chartVersion,
    workflowId: wabaId === undefined ? workflowIdOf(phoneNumber) : customerWorkflowIdOf(wabaId),
  };
}
