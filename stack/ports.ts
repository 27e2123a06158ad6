import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { StartError } from '../settings/start-error';

const host = '127.0.0.1';

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  return listenOnce(0);
}

/** As many of them as are asked for, all between two numbers. */
export async function freePorts(count: number, from: number, to: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(from, to);
    if (await listenOnce(port).catch(() => null)) ports.add(port);
  }
  return [...ports];
}

/**
 * @param setting the environment variable that chooses the port
 * @throws {StartError} if somebody listens on it
 */
export async function checkPort(what: string, port: number, setting: string): Promise<void> {
  try {
    await listenOnce(port);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StartError(
      `Port ${String(port)} for ${what} ${code === 'EADDRINUSE' ? 'is in use' : `cannot be had (${message})`}`,
      `stop what listens there, or choose another port with ${setting}=${String(port + 100)}`,
    );
  }
}

async function listenOnce(port: number): Promise<number> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  const { port: given } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return given;
}
