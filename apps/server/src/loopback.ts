/** Whether something is this machine itself. Each place that says so writes it in its own way, and has a function that takes no other. */
import { isIPv4 } from "node:net";

const NAME = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
/** Browsers look up no name below `localhost`: all of them are this machine. */
const HOST_HEADER = /^(?:(?:[a-z0-9-]+\.)*localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/i;

/** The host of an address, as `URL` writes it: lower case, IPv6 in brackets. */
export function isLoopbackName(hostname: string): boolean {
  return NAME.test(hostname);
}

/** Where a server listens: only this machine can reach it there. IPv6 has no brackets there. */
export function isLoopbackListener(host: string): boolean {
  return host === "::1" || isLoopbackName(host);
}

/** A `Host` header: `localhost`, `127.0.0.0/8` or `[::1]`, in any case and on any port. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && HOST_HEADER.test(host);
}

/** The other end of a connection; an address of IPv4 may be written within one of IPv6. */
export function isLoopbackAddress(address = ""): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  return plain === "::1" || (isIPv4(plain) && plain.startsWith("127."));
}
