/** Sessions and tokens: made, looked up, watched and ended. A request is let in from memory; the store is asked every few seconds. */
import type { AccountId } from "@instep/protocol";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { SessionCookie } from "./session-cookie.ts";
import { createSessionWatch, hasEnded } from "./session-watch.ts";
import { MAX_SESSIONS, type Access, type AccountStore, type KnownAccess } from "./storage/account-store.ts";

export interface SessionOptions {
  readonly store: AccountStore;
  readonly cookie: SessionCookie;
  /** What the store's hashes are made with: whoever can only read or write the store can make nothing that lets in. */
  readonly secret: string;
  /** Whether a normal address may be here; asked with every look-up. */
  readonly isAllowed: (email: string) => boolean;
  readonly now: () => number;
}

/** What a token is made for. */
export interface NewAccess extends Pick<Access, "kind" | "personId" | "name"> {
  /** How long it holds, in milliseconds; null: until it is ended. A session's time begins anew with its use. */
  readonly lifeMs: number | null;
}

export interface Sessions {
  /** Makes a session or a token; the token is told here and never again. Null where the person is gone, or leaving. */
  open(made: NewAccess): { readonly access: Access; readonly token: string } | null;
  /** What the request shows, where it lets in. */
  find(headers: IncomingHttpHeaders): KnownAccess | null;
  /** As the port's `watch`. */
  readonly watch: (headers: IncomingHttpHeaders, onSignedOut: () => void) => () => void;
  /** Something of the person's was ended in the store: memory forgets, and watched answers that are let in no more end at once, but the one that says so. */
  readonly recheck: (personId: AccountId, asking?: IncomingHttpHeaders) => void;
  /** The hash that the store knows a token by. */
  hashOf(token: string): string;
  readonly stop: () => void;
}

export const SESSION_LIFE_MS = 30 * 86_400_000;
/** For so long a request is let in without asking the store, which another process may have changed. */
const REMEMBERED_MS = 2000;
/** A use is noted so rarely, since each note is a write. */
const NOTED_EVERY_MS = 3_600_000;
const MAX_REMEMBERED = 20_000;
/** A longer header is not worth keeping: what is in it is up to whoever sends it. */
const MAX_HEADER_LENGTH = 1024;
const TOKEN_BYTES = 32;
/** Says to people and to scanners what was found. */
const TOKEN_PREFIX = { session: "", token: "instep_" };

/** Who was let in a moment ago, by the very header that showed it: what lets in is in memory no longer than it is of use. */
class Memory {
  #byCookie = new Map<string, KnownAccess>();
  #byAuthorization = new Map<string, KnownAccess>();
  #since = 0;

  /** Undefined where it isn't known. */
  recall(headers: IncomingHttpHeaders, at: number): KnownAccess | undefined {
    // Where the clock steps back, nobody may be let in from memory for longer.
    if (at - this.#since >= REMEMBERED_MS || at < this.#since) this.forget(at);
    const { authorization, cookie } = headers;
    if (authorization !== undefined) return this.#byAuthorization.get(authorization);
    return cookie === undefined ? undefined : this.#byCookie.get(cookie);
  }

  remember({ authorization, cookie }: IncomingHttpHeaders, access: KnownAccess): void {
    const header = authorization ?? cookie ?? "";
    if (header.length > MAX_HEADER_LENGTH) return;
    const known = authorization === undefined ? this.#byCookie : this.#byAuthorization;
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(header, access);
  }

  forget(at: number): void {
    this.#byCookie = new Map();
    this.#byAuthorization = new Map();
    this.#since = at;
  }
}

/** A tab that shows one account is refused where another has signed in meanwhile in its browser, whose cookie it sends. */
function isMeantFor({ personId }: Access, headers: IncomingHttpHeaders): boolean {
  const meant = headers["instep-account"];
  return meant === undefined || meant === personId;
}

/** What a store knows a token by. */
export function hashToken(secret: string, token: string): string {
  return createHmac("sha256", secret).update(token).digest("base64url");
}

/** Makes the sessions of one program; `stop` ends its timer. */
export function createSessions({ store, cookie, secret, isAllowed, now }: SessionOptions): Sessions {
  const memory = new Memory();

  const hashOf = (token: string) => hashToken(secret, token);

  function find(headers: IncomingHttpHeaders): KnownAccess | null {
    const at = now();
    const access = memory.recall(headers, at) ?? lookUp(headers, at);
    if (access === null || hasEnded(access, at)) return null;
    return isMeantFor(access, headers) ? access : null;
  }

  function lookUp(headers: IncomingHttpHeaders, at: number): KnownAccess | null {
    const shown = cookie.read(headers);
    if (shown === null) return null;
    const found = store.access(hashOf(shown.token));
    if (found === null || found.kind !== shown.kind || hasEnded(found, at) || !isAllowed(found.email)) return null;
    const access = noteUse(found);
    memory.remember(headers, access);
    return access;
  }

  function noteUse(access: KnownAccess): KnownAccess {
    const usedAt = now();
    // One in the future was noted by a clock that was ahead, and would hold until that time.
    if (usedAt >= access.usedAt && usedAt - access.usedAt < NOTED_EVERY_MS) return access;
    const expiresAt = access.kind === "session" ? usedAt + SESSION_LIFE_MS : access.expiresAt;
    try {
      store.useAccess(access.id, usedAt, expiresAt);
    } catch {
      // A disk that is full keeps nobody from reading; the next look-up notes it.
      return access;
    }
    return { ...access, usedAt, expiresAt };
  }

  const watch = createSessionWatch({ find, store, forgetAll: () => memory.forget(now()), now });

  function recheck(personId: AccountId, asking?: IncomingHttpHeaders): void {
    memory.forget(now());
    watch.recheck(personId, asking);
  }

  return {
    hashOf,
    find,
    open({ lifeMs, ...made }) {
      const token = TOKEN_PREFIX[made.kind] + randomBytes(TOKEN_BYTES).toString("base64url");
      const at = now();
      const expiresAt = lifeMs === null ? null : at + lifeMs;
      const access = { ...made, id: randomUUID(), createdAt: at, usedAt: at, expiresAt };
      store.removeExpired(at);
      const endsAnother = made.kind === "session" && store.accessesOf(made.personId, "session").length >= MAX_SESSIONS;
      if (!store.addAccess(access, hashOf(token))) return null;
      if (endsAnother) recheck(made.personId);
      return { access, token };
    },
    watch: watch.add,
    recheck,
    stop: watch.stop,
  };
}
