import { setTimeout as wait } from 'node:timers/promises';
import { knownError, type GraphErrorEntry } from '../error-table';
import { GraphError } from '../graph-error';
import { withoutSecrets, type LoggedCall } from '../control/call-log';
import type { Fault } from '../control/fault';
import type { Simulation } from '../simulation';
import { prepareCall, type IncomingCall, type PreparedCall } from './dispatch';

/** What goes back over the wire: an answer, or a cut connection. */
export type Answer = { status: number; headers: Record<string, string>; body: unknown } | 'cut';

/** Logs the call, lets it meet its fault, makes it. @param traceId Meta's `fbtrace_id` */
export async function answer(
  simulation: Simulation,
  incoming: IncomingCall,
  traceId: string,
): Promise<Answer> {
  const call = prepareCall(simulation, incoming);
  const logged = logEntry(simulation, incoming, call);
  simulation.callLog.add(logged);
  const fault = simulation.faults.meet(call.name, call.number, call.objectId);
  if (fault?.hold === 'call') await hold(simulation, fault);
  if (fault?.dropped) {
    logged.dropped = true;
    return 'cut';
  }
  const made = make(call, fault, traceId);
  logged.status = made.status;
  logged.errorCode = made.error?.code ?? null;
  logged.errorSubcode = made.error?.error_subcode ?? null;
  logged.answerLost = fault?.answerLost ?? false;
  simulation.callLog.made(logged);
  if (fault?.hold === 'answer') await hold(simulation, fault);
  if (fault?.answerLost) return 'cut';
  return { status: made.status, headers: { ...fault?.headers, ...fault?.error?.headers }, body: made.body };
}

async function hold({ barriers }: Simulation, { delay, barrier }: Fault): Promise<void> {
  if (delay !== undefined) await wait(delay);
  if (barrier !== undefined) await barriers.pass(barrier);
}

function make(
  call: PreparedCall,
  fault: Fault | undefined,
  traceId: string,
): { status: number; body: unknown; error?: GraphErrorEntry } {
  try {
    if (fault?.error?.emptyBody) return { status: fault.error.status ?? 503, body: null };
    if (fault?.error) throw faultError(fault.error);
    return { status: 200, body: call.run() };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { status: error.entry.status, body: error.envelope(traceId), error: error.entry };
  }
}

function faultError({
  emptyBody: _emptyBody,
  headers: _headers,
  ...asked
}: NonNullable<Fault['error']>): GraphError {
  const code = asked.code ?? 1;
  const known = knownError(code, asked.error_subcode) ?? { status: 400, message: `(#${String(code)}) Error` };
  return new GraphError({
    ...known,
    ...asked,
    code,
    status: asked.status ?? known.status,
    message: asked.message ?? known.message,
  });
}

const logEntry = (
  { clock }: Simulation,
  { method, path, parameters }: IncomingCall,
  call: PreparedCall,
): LoggedCall => ({
  at: new Date(clock.now()).toISOString(),
  method,
  path: path.replace(/^\/v\d+(\.\d+)?(?=\/)/, ''),
  call: call.name,
  objectId: call.objectId,
  number: call.number,
  tokenKind: call.tokenKind,
  params: withoutSecrets(parameters),
  status: null,
  errorCode: null,
  errorSubcode: null,
  answerLost: false,
  dropped: false,
});
