import { status } from '@grpc/grpc-js';
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { SearchAttributeType } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { Settings } from '../settings';
import { searchAttributes } from '../contract/search-attributes';
import { StartError } from '../settings/start-error';
import { unreachable } from './unreachable';

const { IndexedValueType } = temporal.api.enums.v1;

/** How the server and the Temporal CLI name the types in use. */
const types = {
  [SearchAttributeType.KEYWORD]: { indexed: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD, word: 'Keyword' },
  [SearchAttributeType.DATETIME]: { indexed: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME, word: 'Datetime' },
} as const;

const wanted = Object.values(searchAttributes).map(({ name, type }) => ({ name, ...types[type] }));

type Operator = Pick<Connection, 'operatorService'>;

/** @throws {StartError} if the namespace does not exist */
export async function checkNamespace(
  connection: Connection,
  { temporal }: Settings<'temporal'>,
): Promise<void> {
  const { address, namespace } = temporal;
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === status.NOT_FOUND) {
      throw new StartError(
        `Temporal at ${address} has no namespace ${JSON.stringify(namespace)}`,
        `create it with "temporal operator namespace create --namespace ${namespace}", or set TEMPORAL_NAMESPACE`,
      );
    }
    throw unreachable(temporal, error);
  }
}

/**
 * @returns whether they could be looked up: Temporal Cloud does not list them to workers
 * @throws {StartError} naming those that are missing or of another type, and the command that creates them
 */
export async function checkSearchAttributes(
  connection: Operator,
  settings: Settings<'temporal'>,
): Promise<boolean> {
  const { address, namespace } = settings.temporal;
  const found = await listSearchAttributes(connection, namespace);
  if (found === null) return false;
  const missing = wanted.filter(({ name }) => found[name] === undefined);
  const others = wanted.filter(({ name, indexed }) => found[name] !== undefined && found[name] !== indexed);
  if (others.length > 0) {
    const names = others.map(({ name, word }) => `${name} (must be ${word})`).join(', ');
    throw new StartError(
      `The namespace ${namespace} of Temporal at ${address} has search attributes of another type, ${names}`,
      `remove each with "temporal operator search-attribute remove --namespace ${namespace} --name …" and create it anew`,
    );
  }
  if (missing.length > 0) {
    const flags = missing.map(({ name, word }) => `--name ${name} --type ${word}`).join(' ');
    throw new StartError(
      `The namespace ${namespace} of Temporal at ${address} lacks the search attributes ${missing.map(({ name }) => name).join(', ')}`,
      `create them with "temporal operator search-attribute create --namespace ${namespace} ${flags}"`,
    );
  }
  return true;
}

/** Creates what is missing, for a development server; elsewhere an operator does it. */
export async function createSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const found = (await listSearchAttributes(connection, namespace)) ?? {};
  const missing = wanted.filter(({ name }) => found[name] === undefined);
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(({ name, indexed }) => [name, indexed])),
  });
}

/** `null` where the server does not tell, as Temporal Cloud's does not. */
async function listSearchAttributes(connection: Operator, namespace: string) {
  try {
    return (await connection.operatorService.listSearchAttributes({ namespace })).customAttributes;
  } catch (error) {
    const silent = [status.UNIMPLEMENTED, status.PERMISSION_DENIED, status.UNAUTHENTICATED];
    if (isGrpcServiceError(error) && silent.includes(error.code)) return null;
    throw error;
  }
}
