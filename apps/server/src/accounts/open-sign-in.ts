/** Puts sign-in together from the settings: the accounts' file, the list, sessions, and the port by which requests are let in. */
import type { AccountId } from "@instep/protocol";
import type { Engine, Refusal } from "@instep/sync-server";
import type { IncomingHttpHeaders } from "node:http";
import { attemptsPath } from "../data-folder/places.ts";
import type { Settings } from "../settings/config.ts";
import type { ReportLog } from "../report-log.ts";
import type { Accounts } from "./accounts.ts";
import { isListed, type AllowList } from "./allow-list.ts";
import { createLeavers, type Leavers } from "./leaving.ts";
import { type AttemptLimiter, createAttemptLimiter } from "./attempt-limiter.ts";
import { openAttemptBuckets } from "./attempt-buckets.ts";
import { markOf, readAuthSecret } from "./auth-secret.ts";
import { type BrowserCookie, createBrowserCookie } from "./browser-cookie.ts";
import { createChallenges } from "./challenges.ts";
import { createFlowCookie, type FlowCookie } from "./flow-cookie.ts";
import { createOidcClient, type OidcClient } from "./oidc-client.ts";
import { createOidcSignIn } from "./oidc-sign-in.ts";
import { createPasskeys, type PasskeyProof, type Passkeys } from "./passkeys.ts";
import { createPasswordHasher } from "./password-hash.ts";
import { createPasswords, type Passwords } from "./passwords.ts";
import { createSessionCookie, type SessionCookie } from "./session-cookie.ts";
import { createSessions, hashToken, type Sessions } from "./sessions.ts";
import { createSignIn, type SignInCalls, type SignInOptions } from "./sign-in.ts";
import type { AccountStore } from "./storage/account-store.ts";
import { openAccountsFile } from "./storage/open-accounts-file.ts";

interface Oidc {
  /** What people call the provider. */
  readonly name: string;
  readonly client: OidcClient;
  readonly flowCookie: FlowCookie;
  readonly enter: ReturnType<typeof createOidcSignIn>;
}

/** Everything of sign-in that routes need. */
export interface People {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly signIn: SignInCalls;
  readonly passwords: Passwords;
  readonly passkeys: Passkeys;
  readonly browserCookie: BrowserCookie;
  /** Signing in with another provider; null where none is set up. */
  readonly oidc: Oidc | null;
  readonly limiter: AttemptLimiter;
  readonly store: AccountStore;
  readonly cookie: SessionCookie;
  readonly now: () => number;
  /** Whether the account's person is on the list. */
  readonly isLetIn: (id: AccountId) => boolean;
  /** Ends all that lets the person in, and erases all that the account has; a refusal where that can't be done at once. The request that asks is left to be answered. */
  readonly leave: (id: AccountId, asking: IncomingHttpHeaders) => Promise<Refusal | null>;
  /** Goes on with erasing the accounts of those who have left. Never rejects: the next one goes on. */
  readonly finishLeaving: () => Promise<void>;
  close(): void;
}

const STILL_LEAVING: Refusal = {
  refused: "unavailable",
  detail:
    "You are signed out everywhere. Not all of the account could be erased yet; the server goes on with it by itself.",
};

export interface SignInParts {
  readonly settings: Settings;
  readonly allowed: AllowList;
  readonly engine: Pick<Engine, "ensureAccount" | "eraseAccount">;
  /** What checks passkeys. */
  readonly proof: PasskeyProof;
  /** Less than today's for tests only. */
  readonly passwordCostLog2?: number | undefined;
  /** Told why a passkey was refused. */
  readonly onPasskeyRefused: (why: string) => void;
  readonly log: ReportLog;
}

/** Opens sign-in for those on the list; `close` ends it. */
export function openSignIn(parts: SignInParts): People {
  const { settings, allowed, engine, proof, passwordCostLog2, log } = parts;
  const now = () => Date.now();
  const store = openAccountsFile(settings, {
    onTrouble: (error) => log.warn({ err: error }, "the accounts' file had trouble; nobody is let in while it has"),
    onWell: () => log.warn({}, "the accounts' file is in its place again"),
  });
  const isAllowed = (email: string) => isListed(allowed, email) || store.isInvited(email);
  const rules = { isSecure: settings.tls !== null || (settings.publicUrl?.startsWith("https:") ?? false) };
  const cookie = createSessionCookie(rules);
  const secret = secretOf(settings, store, log);
  const sessions = createSessions({ store, cookie, secret, isAllowed, now });
  const attempts = openAttemptBuckets({
    path: attemptsPath(settings),
    hashOf: (key) => hashToken(secret, key),
    now,
    log,
  });
  const leavers = createLeavers(store, engine);
  const options: SignInOptions = {
    store,
    sessions,
    hasher: createPasswordHasher(passwordCostLog2 === undefined ? {} : { costLog2: passwordCostLog2 }),
    limiter: createAttemptLimiter(attempts),
    isAllowed,
    engine: { ensureAccount: (account) => engine.ensureAccount(account), eraseAccount: (id) => leavers.erase(id) },
    now,
  };
  const signIn = createSignIn(options);
  const oidc = settings.oidc && {
    name: settings.oidc.name,
    client: createOidcClient(settings.oidc, { elapsed: () => performance.now() }),
    flowCookie: createFlowCookie(rules),
    enter: createOidcSignIn({ ...options, admit: signIn.admit }),
  };
  const deviceOf = (headers: IncomingHttpHeaders): string | null => {
    const access = sessions.find(headers);
    return access?.kind === "session" ? access.id : null;
  };
  const isLetIn = (id: AccountId): boolean => isAllowed(store.person(id)?.email ?? "");
  const passwords = createPasswords(options);
  const passkeys = createPasskeys({
    ...options,
    passwords,
    proof,
    admit: signIn.admit,
    challenges: createChallenges({ store, secret, now }),
    onRefused: parts.onPasskeyRefused,
  });
  const identify = (headers: Parameters<Accounts["identify"]>[0]): AccountId | null =>
    sessions.find(headers)?.personId ?? null;
  return {
    accounts: {
      mode: "password",
      identify,
      deviceOf,
      watch: (headers, onSignedOut) => sessions.watch(headers, onSignedOut),
    },
    isLetIn,
    sessions,
    signIn,
    passwords,
    passkeys,
    browserCookie: createBrowserCookie(rules),
    oidc,
    limiter: options.limiter,
    store,
    cookie,
    now,
    ...leavingCalls({ store, sessions, leavers, log }),
    close() {
      sessions.stop();
      attempts.close();
      store.close();
    },
  };
}

interface LeavingParts extends Pick<People, "store" | "sessions"> {
  readonly leavers: Leavers;
  readonly log: ReportLog;
}

function leavingCalls({ store, sessions, leavers, log }: LeavingParts): Pick<People, "leave" | "finishLeaving"> {
  async function finishLeaving(): Promise<void> {
    try {
      await leavers.finish();
    } catch (error) {
      log.warn({ err: error }, "an account could not be erased; it is tried again");
    }
  }
  /** Another one may be left, whose own it is to hear of. */
  function isGone(id: AccountId): boolean {
    try {
      return !store.leaving().includes(id);
    } catch {
      return false;
    }
  }

  return {
    async leave(id, asking) {
      store.beginLeaving(id);
      sessions.recheck(id, asking);
      await finishLeaving();
      return isGone(id) ? null : STILL_LEAVING;
    },
    finishLeaving,
  };
}

/** The secret, once the store knows by which one its hashes are made. */
function secretOf(settings: Settings, store: AccountStore, log: ReportLog): string {
  try {
    let isMadeAnew = false;
    const secret = readAuthSecret(settings, () => (isMadeAnew = store.people().length > 0));
    const isAnother = store.useSecret(markOf(secret), isMadeAnew);
    if (isMadeAnew) log.warn({}, "the auth-secret was missing and has been made anew: everybody is signed out");
    else if (isAnother) log.warn({}, "AUTH_SECRET is another one than before: everybody is signed out");
    return secret;
  } catch (error) {
    store.close();
    throw error;
  }
}
