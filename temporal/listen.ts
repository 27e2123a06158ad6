import { isIPv6, type AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { StartError } from '../settings/start-error';

/**
 * Has a server listen.
 *
 * @param what begins the sentence if it cannot: "The gateway"
 * @param setting begins the names of its two settings: `GATEWAY` of `GATEWAY_HOST` and `GATEWAY_PORT`
 * @returns its address, `http://127.0.0.1:8080`
 * @throws {StartError} if it cannot listen there
 */
export async function listen(
  server: FastifyInstance,
  { host, port }: { host: string; port: number },
  what: string,
  setting: string,
): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new StartError(
      `${what} cannot listen on ${setting}_HOST ${host}, ${setting}_PORT ${String(port)}`,
      remedies[code] ?? message,
      { cause: error },
    );
  }
  const { port: given } = server.server.address() as AddressInfo;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${String(given)}`;
}

const remedies: Record<string, string> = {
  EADDRINUSE: 'the port is in use, choose another one',
  EACCES: 'that port needs more rights, choose one above 1023',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host is known',
};
