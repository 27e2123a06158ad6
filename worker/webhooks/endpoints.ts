import { readFileSync } from 'node:fs';
import { readEndpoints, type Endpoints } from '../../activities/webhooks/endpoints';
import { StartError } from '../../settings/start-error';

/**
 * Reads the file of WEBHOOK_ENDPOINTS; without one nobody is told.
 *
 * @throws {StartError} naming every fault in it
 */
export function loadEndpoints(file: string | null): Endpoints {
  if (file === null) return { endpoints: [], stock: {} };
  const read = readEndpoints(content(file));
  if (read.ok) return read.endpoints;
  throw new StartError(
    `The file of WEBHOOK_ENDPOINTS, ${file}, is not as it must be`,
    read.faults.length === 1 ? String(read.faults[0]) : read.faults.map((fault) => `\n  - ${fault}`).join(''),
  );
}

function content(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(
      `The file of WEBHOOK_ENDPOINTS, ${file}, cannot be read (${String((error as NodeJS.ErrnoException).code)})`,
      'name a JSON file that the worker may read, or unset WEBHOOK_ENDPOINTS',
      { cause: error },
    );
  }
}
