import { NumberPool } from '../../client';
import { connect } from '../../temporal/connect';
import { needs, readSettings } from '../../settings';
import { getCluster } from '../../stack/set-up/servers';
import { startCluster, type Cluster } from '../../stack/cluster';
import { startSimulator } from '../../simulator';
import { startWorker } from '../../worker';
import { SimulatorClient } from '../../simulator/client';
import { ownRecords } from '../support/own-records';
import { quiet } from '../support/quiet';

const digits = '15550783881';

const ends: (() => Promise<unknown>)[] = [];
let cluster: Cluster;
let pool: NumberPool;
let phone: SimulatorClient;

beforeAll(async () => {
  quiet();
  cluster = await startCluster(await getCluster());
  ends.push(() => cluster.stop());
  const simulator = await startSimulator();
  ends.push(() => simulator.close());
  phone = new SimulatorClient(simulator.url);
  const { RECORDS_URL, remove } = await ownRecords();
  ends.push(remove);
  const settings = readSettings(needs.worker, {
    TEMPORAL_ADDRESS: cluster.address,
    TEMPORAL_CONFIG_FILE: '/nowhere',
    GRAPH_API_URL: simulator.url,
    GRAPH_ACCESS_TOKEN: 'a-secret-token',
    GRAPH_CALLS_PER_SECOND: '100',
    RECORDS_URL,
  });
  const worker = await startWorker(settings);
  ends.push(() => worker.shutdown());
  const { client, close } = await connect(settings);
  ends.push(close);
  pool = new NumberPool(client, { portfolioId: '506914307656634', by: 'test' });
  // The Temporal server may have to be built first.
}, 1_800_000);

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

it('a number lives on PostgreSQL, and neither a power cut of it nor of Temporal loses what was answered', async () => {
  await pool.add(digits);
  const code = await phone.nextMessage(digits);
  const verified = await pool.submitCode(digits, { code });
  await cluster.restartPostgres('immediate');
  expect(await pool.get(digits)).toEqual(verified);

  const reserved = await pool.reserve(digits, { customerId: 'c-1' });
  await cluster.restartTemporal();
  expect(await pool.get(digits)).toEqual(reserved);
  const listed: string[] = [];
  for await (const { phoneNumber } of pool.list({ state: 'Verified' })) listed.push(phoneNumber);
  expect(listed).toEqual([digits]);
  expect(await cluster.size()).toBeGreaterThan(1_000_000);
});
