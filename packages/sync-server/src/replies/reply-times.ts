/** How long the steps around a running reply take, in milliseconds. */
import type { Micros } from "@instep/protocol";

/** How long a token waits at most before its batch goes to the database [TURN-2]. */
export const JOURNAL_MS = 250;
/** How often a node that generates says that it is alive. */
export const HEARTBEAT_MS = 2500;
/** How long a node's word is believed: four heartbeats, so that one late commit closes nothing. */
export const LEASE_MS = 10_000;
/** A lease that ends later than this was written before the clock stepped back, and says nothing. */
export const LEASE_BELIEVED_MS = 2 * LEASE_MS;
/** How often orphans are looked for while replies run that other nodes generate: after a crash a person waits no longer than needed. */
export const REAP_MS = 5000;
/** The same while there are none; lease and both together stay well below the 60 s of [TURN-6]. */
export const IDLE_REAP_MS = 15_000;
/** How often a node looks whether its replies were stopped or ended elsewhere [TURN-5]. */
export const WATCH_MS = 300;
/** How often a viewer looks into the journal of a reply that another process generates. */
export const POLL_MS = 250;
/** How long the owner of a reply has to stop it before somebody else ends it from the journal [TURN-5]. */
export const STOP_PATIENCE_MS = 800;
/** How long whoever stops a reply waits for a database that is away. */
export const STOP_ANSWER_MS = 2000;
/** How long until a write that failed is tried again. */
export const RETRY_MS = 1000;
/** How long journals are kept after the end, for late readers. */
export const JOURNAL_KEEP_MS = 3_600_000;

const MICROS_PER_MS = 1000;

/** The time that many milliseconds after (or before, where negative) another. */
export function microsAfter(time: Micros, milliseconds: number): Micros {
  return (time + milliseconds * MICROS_PER_MS) as Micros;
}
