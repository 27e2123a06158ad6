import { invalidParameter } from '../graph-error';
import { noObject } from '../meta/meta';
import { digitsOf } from '../phone-number';
import type { Simulation } from '../simulation';
import { tokenOf } from './access-tokens';
import type { Parameters } from './parameters';
import { findCall, readPath, targetOf } from './target';

/** A request as it came in, whatever carried its parameters. */
export interface IncomingCall {
  method: string;
  /** Without the query. */
  path: string;
  /** Scheme, host and path. */
  url: string;
  authorization: string | undefined;
  parameters: Parameters;
}

/** A call that is known by name, and not made yet. */
export interface PreparedCall {
  name: string;
  objectId: string | null;
  /** Digits of the number that it is about. */
  number: string | null;
  /** @returns the body of the answer @throws GraphError */
  run(): unknown;
}

export function prepareCall(simulation: Simulation, incoming: IncomingCall): PreparedCall {
  const { meta, tokens } = simulation;
  const { method, parameters, authorization, url } = incoming;
  const path = readPath(incoming.path);
  if (path === null) return unknownCall(null, `Unknown path components: ${incoming.path.slice(0, 100)}`);
  const isExchange = method === 'GET' && path.id === 'oauth' && path.edge === 'access_token';
  if (isExchange) return signupExchange(simulation, parameters);
  const call = findCall(meta, method, path);
  if (call === undefined) return unknownCall(path.id, `${noObject(path.id)} (${method} ${path.edge ?? ''})`);
  return {
    name: call.name,
    objectId: path.id,
    number: numberOf(simulation, path.id, parameters),
    run() {
      const token = tokenOf(authorization, parameters.text('access_token'));
      tokens.check(token);
      return call.run(targetOf(meta, call, path), { meta, parameters, token: token ?? '', url });
    },
  };
}

const unknownCall = (objectId: string | null, message: string): PreparedCall => ({
  name: 'unknown',
  objectId,
  number: null,
  run() {
    throw invalidParameter(message);
  },
});

/** The exchange of a signup code for a token is made on no object and needs no token. */
const signupExchange = ({ signupCodes }: Simulation, parameters: Parameters): PreparedCall => ({
  name: 'access_token',
  objectId: null,
  number: null,
  run() {
    parameters.required('client_id');
    parameters.required('client_secret');
    return { access_token: signupCodes.exchange(parameters.required('code')), token_type: 'bearer' };
  },
});

function numberOf({ meta }: Simulation, id: string, parameters: Parameters): string | null {
  const named =
    meta.preverifiedNumbers.get(parameters.text('preverified_id') ?? id) ?? meta.phoneNumbers.get(id);
  const text =
    named?.number.digits ?? parameters.text('phone_number') ?? parameters.text('display_phone_number');
  return text === undefined ? null : digitsOf(text);
}
