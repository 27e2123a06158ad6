import { readFileSync } from 'node:fs';
import { readEndpointsFile, type EndpointsFile } from '../../activities/webhooks/endpoints';
import { StartError } from '../../settings/start-error';

/**
 * Reads the file of WEBHOOK_ENDPOINTS. Without a file there are no webhooks.
 *
 * @throws {StartError} naming every fault in the file
 */
export function loadEndpoints(file: string | null): EndpointsFile {
  if (file === null) return { endpoints: [], stock: {} };
  const read = readEndpointsFile(content(file));
  if (read.ok) return read.file;
  throw new StartError(
    `The file of WEBHOOK_ENDPOINTS, ${file}, is not valid`,
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
