import './with-resolvers';
import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createEndpointHandler } from '@restatedev/restate-sdk';
import { xstate } from '@restatedev/xstate';
import { createNumberActivities } from '../../../activities';
import { createGraphClient } from '../../../activities/graph';
import { needs, readSettings } from '../../../settings';
import { serveMeasured } from '../../stack/measured-process';
import { chartOnRestate } from './chart';

/** The chart as a service of Restate: what a worker is to Temporal. */
serveMeasured(async () => {
  const { graph, worker } = readSettings(needs.worker);
  const activities = createNumberActivities({ graph: createGraphClient(graph), policyDay: worker.policyDay });
  const services = [xstate('number', chartOnRestate(activities))];
  const server = createServer(createEndpointHandler({ services })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ready: { url: `http://127.0.0.1:${String(port)}` },
    stop: () => Promise.resolve(void server.close()),
  };
});
