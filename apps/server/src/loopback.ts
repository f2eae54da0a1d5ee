/** Names by which a machine reaches nobody but itself. */

const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** Whether the host of an address, as `URL` writes it, is this machine: nobody is on the way to it. */
export function isLoopbackName(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}
