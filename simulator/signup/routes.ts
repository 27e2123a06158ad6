import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { ControlError, read } from '../control/control-error';
import type { Simulation } from '../simulation';
import { SignupSession } from './session';

const text = v.pipe(v.string(), v.nonEmpty());
const Choice = v.strictObject({
  choice: v.picklist(['preverified', 'own', 'none', 'app']),
  phoneNumber: v.optional(v.string(), ''),
});

const Opening = v.strictObject({ options: v.unknown(), appId: v.optional(v.string(), '') });

/**
 * The popup of Embedded Signup under `/signup-popup`, and under `/sdk.js` as much of Meta's JavaScript SDK as opens it.
 */
export function signupRoutes(server: FastifyInstance, simulation: Simulation): void {
  for (const [url, file, type] of files) {
    server.get(url, (_request, reply) => reply.type(type).send(readFileSync(path.join(folder(), file))));
  }
  const sessions = new Map<string, SignupSession>();
  const sessionOf = (params: unknown) => {
    const session = sessions.get(read(v.object({ id: text }), params).id);
    if (session === undefined) throw new ControlError('there is no such signup session');
    return session;
  };
  server.post('/signup-popup/sessions', (request) => {
    const { options, appId } = read(Opening, request.body);
    const id = randomUUID();
    const session = new SignupSession(simulation, options, appId || null);
    sessions.set(id, session);
    return { id, offered: session.offered && `+${session.offered.number.digits}` };
  });
  server.post('/signup-popup/sessions/:id/number', (request) => {
    const { choice, phoneNumber } = read(Choice, request.body);
    return sessionOf(request.params).choose(choice, phoneNumber);
  });
  server.post('/signup-popup/sessions/:id/code', (request) => {
    sessionOf(request.params).verify(read(v.strictObject({ code: text }), request.body).code);
    return {};
  });
  server.post('/signup-popup/sessions/:id/permissions', (request) => {
    const { businessName } = read(v.strictObject({ businessName: text }), request.body);
    const { signupMessage } = simulation.meta.assumptions;
    return { ...sessionOf(request.params).finish(businessName), signupMessage };
  });
}

const files = [
  ['/sdk.js', 'sdk.js', 'text/javascript'],
  ['/signup-popup', 'popup.html', 'text/html'],
  ['/signup-popup/popup.js', 'popup.js', 'text/javascript'],
  ['/signup-popup/popup.css', 'popup.css', 'text/css'],
] as const;

/** What browsers read is not compiled: a compiled simulator finds it beside its sources. */
function folder(): string {
  const beside = path.join(__dirname, 'page');
  return existsSync(beside) ? beside : path.join(__dirname, '../../../simulator/signup/page');
}
