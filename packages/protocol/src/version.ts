/** The wire's version: raised by decision whenever the fixtures' fingerprint changes. */

/** Adding a field raises the minor number; a client ignores fields that it doesn't know. Anything else raises the major one. */
export const WIRE_VERSION = "1.1";
