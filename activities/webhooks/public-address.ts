import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The endpoint's name leads into our own network: whoever names endpoints must not reach what is not theirs. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
  readonly code = 'EPRIVATE';

  constructor(host: string) {
    super(
      `${host} is a private or local address: webhooks go there only where the endpoint says "allowPrivateAddress": true`,
    );
  }
}

/** An address of the open internet: not private, loopback, link-local, multicast, nor one of these inside IPv6. */
export const isPublic = (address: string) =>
  isIP(address) !== 0 && ipaddr.process(address).range() === 'unicast';

/** A host that is an address is not looked up when it is connected to. */
export function checkLiteral(hostname: string): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublic(host)) throw new PrivateAddressError(host);
}

/** A look-up for a connection: what it gives is checked, and what was checked is what is connected to. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      callback(error, '', 0);
      return;
    }
    const [first] = addresses;
    if (!first || !addresses.every(({ address }) => isPublic(address))) {
      callback(new PrivateAddressError(hostname), '', 0);
    } else if (options.all) {
      callback(null, addresses);
    } else {
      callback(null, first.address, first.family);
    }
  });
};
