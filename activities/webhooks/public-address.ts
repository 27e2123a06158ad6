import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The endpoint's host is in our own network, where an endpoints file must not reach unless it says so. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
  readonly code = 'EPRIVATE';

  constructor(host: string) {
    super(
      `${host} is a private or local address: webhooks go there only if the endpoint has "allowPrivateAddress": true`,
    );
  }
}

/** Neither private, loopback, link-local nor multicast, not even inside an IPv6 address. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0) return false;
  const read = ipaddr.process(address);
  // `::7f00:1`: IPv4 in the form that RFC 4291 gave up. Nobody's address today, and some systems still take it for 127.0.0.1.
  const isCompatible = read.kind() === 'ipv6' && (read as ipaddr.IPv6).match(ipaddr.IPv6.parse('::'), 96);
  return !isCompatible && read.range() === 'unicast';
}

/** Node calls no lookup function for a host that is an IP address (https://github.com/nodejs/node/pull/1505). */
export function checkLiteral(hostname: string): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublic(host)) throw new PrivateAddressError(host);
}

/** Checks the very addresses that are connected to: a second look-up could give others (DNS rebinding). */
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
