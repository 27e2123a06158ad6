import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { Assumptions } from '../assumptions';
import type { Simulation } from '../simulation';
import { callRoutes } from './call-routes';
import { clockRoutes } from './clock-routes';
import { read } from './control-error';
import { customerRoutes } from './customer-routes';
import { faultRoutes } from './fault-routes';
import { messageRoutes } from './message-routes';
import { listNumbers } from './numbers';
import { partnerRoutes } from './partner-routes';
import { phoneNumberRoutes } from './phone-number-routes';

/** The simulator's own switches and windows, under `/_sim/`; they need no token. */
export function controlRoutes(server: FastifyInstance, simulation: Simulation, signal: AbortSignal): void {
  messageRoutes(server, simulation, signal);
  clockRoutes(server, simulation);
  faultRoutes(server, simulation, signal);
  customerRoutes(server, simulation);
  phoneNumberRoutes(server, simulation);
  partnerRoutes(server, simulation);
  callRoutes(server, simulation, signal);
  server.get('/numbers', () => listNumbers(simulation.meta));
  server.get('/assumptions', () => simulation.meta.assumptions);
  server.post('/assumptions', (request) => {
    const changes = read(v.record(v.string(), v.unknown()), request.body);
    return (simulation.meta.assumptions = read(Assumptions, { ...simulation.meta.assumptions, ...changes }));
  });
}
