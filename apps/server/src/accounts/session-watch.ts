/** Watches over answers that take long, such as held questions and streams: they end with the session that asked. */
import type { AccountId } from "@instep/protocol";
import type { IncomingHttpHeaders } from "node:http";
import type { Access, AccountStore, KnownAccess } from "./storage/account-store.ts";

export interface SessionWatch {
  /** Calls back once, where what these headers show lets in no more; the function that is returned ends the watch. */
  readonly add: (headers: IncomingHttpHeaders, onSignedOut: () => void) => () => void;
  /** Looks at once at what one person has; what is `asking` is left to be answered. */
  readonly recheck: (personId: AccountId, asking?: IncomingHttpHeaders) => void;
  readonly stop: () => void;
}

export interface WatchOptions {
  readonly store: Pick<AccountStore, "hasChangedElsewhere" | "hasTrouble">;
  readonly find: (headers: IncomingHttpHeaders) => KnownAccess | null;
  readonly forgetAll: () => void;
  readonly now: () => number;
}

interface Watched {
  readonly headers: IncomingHttpHeaders;
  readonly access: KnownAccess | null;
  readonly onSignedOut: () => void;
}

const LOOK_EVERY_MS = 2000;
const SLICE = 500;

/** Makes the watch; `stop` ends its timer. */
export function createSessionWatch({ store, find, forgetAll, now }: WatchOptions): SessionWatch {
  const watched = new Set<Watched>();
  const timer = setInterval(() => orLater(endWhatHasEnded), LOOK_EVERY_MS);
  timer.unref();
  let wasCutShort = false;

  /** While the store can't be asked, nobody is ended for it, and no program either: the next look finds all that this one missed. */
  function orLater(look: () => void): void {
    try {
      look();
    } catch {
      wasCutShort = true;
    }
  }

  /** Another process ended something, or time did. */
  function endWhatHasEnded(): void {
    // Asked though nobody is watched: it is told by that.
    if (store.hasTrouble() || watched.size === 0) return;
    const hasChanged = store.hasChangedElsewhere() || wasCutShort;
    wasCutShort = false;
    if (hasChanged) forgetAll();
    const at = now();
    endBySlices([...watched].filter(({ access }) => hasChanged || access === null || hasEnded(access, at)));
  }

  /** Each may ask the store, and nobody is to wait for all of them [SAFE-2]. */
  function endBySlices(doubtful: readonly Watched[]): void {
    for (const one of doubtful.slice(0, SLICE)) endIfSignedOut(one);
    if (doubtful.length > SLICE) setImmediate(() => orLater(() => endBySlices(doubtful.slice(SLICE))));
  }

  function endIfSignedOut(one: Watched): void {
    if (watched.has(one) && find(one.headers) === null && watched.delete(one)) one.onSignedOut();
  }

  return {
    add(headers, onSignedOut) {
      const one = { headers, access: find(headers), onSignedOut };
      watched.add(one);
      return () => watched.delete(one);
    },
    recheck(personId, asking) {
      for (const one of watched) {
        if (one.access?.personId === personId && one.headers !== asking) endIfSignedOut(one);
      }
    },
    stop: () => clearInterval(timer),
  };
}

/** Whether its time is over. */
export function hasEnded({ expiresAt }: Access, at: number): boolean {
  return expiresAt !== null && expiresAt <= at;
}
