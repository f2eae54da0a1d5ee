/** Where a push may be sent: a browser names the address, so it must lead out to the internet, never to what stands around the server. */
import { type LookupAddress, type LookupAllOptions, lookup as lookUp } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** Whether a push may go to that IP address. */
export type IsOpenAddress = (address: string) => boolean;

/** Finds all addresses of a name, as the system does. */
export type ResolveName = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const MAX_ENDPOINT_LENGTH = 2000;

/** What isn't the internet: this host, private and shared networks, link-local, documentation, multicast and what is reserved. */
const CLOSED_NETWORKS: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  // Of the sixth version only 2000::/3 is given out; these of it carry addresses of the fourth, or are for documents.
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const closed = new BlockList();
for (const [network, prefix] of CLOSED_NETWORKS) {
  closed.addSubnet(network, prefix, isIP(network) === 6 ? "ipv6" : "ipv4");
}
const givenOut = new BlockList();
givenOut.addSubnet("2000::", 3, "ipv6");

/** Whether an IP address is one of the internet. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !closed.check(address, "ipv4");
  return version === 6 && givenOut.check(address, "ipv6") && !closed.check(address, "ipv6");
}

/** The endpoint that a browser gave; null where nothing is sent there. A name's address is looked at when it is known: at each connection. */
export function readEndpoint(text: string, isOpen: IsOpenAddress): URL | null {
  if (text.length > MAX_ENDPOINT_LENGTH || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "" || url.hash !== "") return null;
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(host) === 0 || isOpen(host) ? url : null;
}

/** Looks names up for a connection, which fails where any address of the name is closed: what was asked before may have changed since. */
export function openLookup(isOpen: IsOpenAddress, resolveName: ResolveName = lookUp): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) return callback(error ?? new Error("The name has no address"), "");
      if (!addresses.every(({ address }) => isOpen(address))) {
        return callback(new Error("The name leads to an address that is not of the internet"), "");
      }
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
