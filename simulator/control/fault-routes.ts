import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { Simulation } from '../simulation';
import { read } from './control-error';
import { Fault } from './fault';

const nameIn = (params: unknown) => read(v.object({ name: v.string() }), params).name;

export function faultRoutes(
  server: FastifyInstance,
  { faults, barriers }: Simulation,
  signal: AbortSignal,
): void {
  server.get('/faults', () => faults.list());
  server.post('/faults', (request) => {
    for (const fault of read(v.array(Fault), [request.body].flat())) {
      if (fault.barrier !== undefined) barriers.close(fault.barrier);
      faults.add(fault);
    }
    return faults.list();
  });
  server.delete('/faults', () => {
    faults.clear();
    barriers.releaseAll();
    return [];
  });
  server.get('/barriers/:name', async (request) => ({
    waiting: await barriers.arrival(nameIn(request.params), signal),
  }));
  server.post('/barriers/:name/release', (request) => ({
    released: barriers.release(nameIn(request.params)),
  }));
}
