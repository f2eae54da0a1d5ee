/** Signing up and in. No answer, and no time that one takes, tells whether an address has an account. */
import type { AccountId, SignedIn } from "@instep/protocol";
import { isRefusal, type Engine, type Outcome, type Refusal } from "@instep/sync-server";
import { randomUUID } from "node:crypto";
import { nameFrom, normalAddress } from "./allow-list.ts";
import { attempting, type AttemptLimiter } from "./attempt-limiter.ts";
import type { PasswordHasher } from "./password-hash.ts";
import { faultOfPassword, mayBePassword } from "./password-rules.ts";
import { SESSION_LIFE_MS, type Sessions } from "./sessions.ts";
import type { AccountStore, Person } from "./storage/account-store.ts";

/** Where an attempt comes from. */
export interface AttemptOrigin {
  readonly source: string;
  /** What the browser says that it is. */
  readonly device: string;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Somebody who is in, and the token that the cookie keeps. */
export interface Entered extends SignedIn {
  readonly token: string;
}

export interface SignInCalls {
  signUp(credentials: Credentials & { readonly name?: string }, caller: AttemptOrigin): Promise<Outcome<Entered>>;
  signIn(credentials: Credentials, caller: AttemptOrigin): Promise<Outcome<Entered>>;
  /**
   * Opens a session for a person who has shown who he is, as he was known then: refused where his password was changed meanwhile, or he is
   * leaving. `name` is what an account that is made now is called.
   */
  readonly admit: (person: Person, device: string, name?: string) => Promise<Outcome<Entered>>;
}

export interface SignInOptions {
  readonly store: AccountStore;
  readonly sessions: Sessions;
  readonly hasher: PasswordHasher;
  readonly limiter: AttemptLimiter;
  readonly isAllowed: (email: string) => boolean;
  /** What knows the account's conversations: it is made there where it isn't yet. */
  readonly engine: Pick<Engine, "ensureAccount" | "eraseAccount">;
  readonly now: () => number;
}

const MAX_DEVICE_LENGTH = 200;

/** Makes the rules of signing in over what keeps people and sessions. */
export function createSignIn(options: SignInOptions): SignInCalls {
  const { store, sessions, hasher, limiter, isAllowed, engine, now } = options;

  async function makeOrEnter(
    { email, password, name }: Credentials & { readonly name?: string },
    caller: AttemptOrigin,
  ): Promise<Outcome<Entered>> {
    const standing = store.personByEmail(email);
    // One hash whatever stands there, so that the time tells nothing.
    if (standing !== null) return enterStanding(standing, password, caller);
    const hash = await hasher.hash(password);
    if (hash === null) return SIGN_IN_IS_BUSY;
    if (!isAllowed(email)) return ADDRESS_REFUSED;
    const id = randomUUID() as AccountId;
    const person = store.addPerson({ id, email, password: hash, createdAt: now() });
    if (person !== null) return enter(person, caller, name);
    // Somebody was first with the address, maybe by the same form that was sent twice.
    const first = store.personByEmail(email);
    return first === null ? ADDRESS_REFUSED : enterStanding(first, password, caller);
  }

  async function enterStanding(standing: Person, password: string, caller: AttemptOrigin): Promise<Outcome<Entered>> {
    const isRight = await hasher.verify(password, standing.password);
    if (isRight === null) return SIGN_IN_IS_BUSY;
    return isRight && isAllowed(standing.email) ? enter(standing, caller) : ADDRESS_REFUSED;
  }

  async function enterWith({ email, password }: Credentials, caller: AttemptOrigin): Promise<Outcome<Entered>> {
    if (!isAllowed(email)) return ADDRESS_REFUSED;
    const person = store.personByEmail(email);
    const isRight = mayBePassword(password) && (await hasher.verify(password, person?.password ?? null));
    if (isRight === null) return SIGN_IN_IS_BUSY;
    return isRight && person !== null ? enter(person, caller) : SIGN_IN_REFUSED;
  }

  async function enter(person: Person, { source, device }: AttemptOrigin, name?: string): Promise<Outcome<Entered>> {
    const outcome = await admit(person, device, name);
    if (!isRefusal(outcome)) limiter.forgive({ address: person.email, source });
    return outcome;
  }

  async function admit(person: Person, device: string, name?: string): Promise<Outcome<Entered>> {
    if (hasChanged(store, person)) return SIGN_IN_REFUSED;
    const { id, email } = person;
    const called = name?.trim() || nameFrom(email);
    const account = await engine.ensureAccount({ id, email, name: called, unreadScope: "device" });
    const made = {
      kind: "session",
      personId: id,
      name: device.slice(0, MAX_DEVICE_LENGTH),
      lifeMs: SESSION_LIFE_MS,
    } as const;
    const opened = hasChanged(store, person) ? null : sessions.open(made);
    if (opened !== null) return { user: { id, email, name: account.name }, token: opened.token };
    // It may have been made anew behind the erasing of somebody who leaves, and before he is gone.
    if (hasLeft(store, id)) await engine.eraseAccount(id);
    return SIGN_IN_REFUSED;
  }

  return {
    async signUp(asked, caller) {
      const checked = checkNew(asked);
      if (isRefusal(checked)) return checked;
      const attempt = { address: checked.email, source: caller.source };
      return attempting(limiter, attempt, () => makeOrEnter({ ...asked, ...checked }, caller));
    },
    async signIn({ email: written, password }, caller) {
      const email = normalAddress(written);
      if (email === null) return NO_ADDRESS;
      const attempt = { address: email, source: caller.source };
      return attempting(limiter, attempt, () => enterWith({ email, password }, caller));
    },
    admit,
  };
}

/** What a hash took long enough for: another password, or the person's leave. */
function hasChanged(store: AccountStore, { id, password }: Person): boolean {
  return hasLeft(store, id) || store.person(id)?.password !== password;
}

function hasLeft(store: AccountStore, id: AccountId): boolean {
  return store.person(id) === null || store.leaving().includes(id);
}

function checkNew({ email: written, password }: Credentials): Outcome<Credentials> {
  const email = normalAddress(written);
  return email === null ? NO_ADDRESS : (faultOfPassword(password, "password") ?? { email, password });
}

const NO_ADDRESS: Refusal = { refused: "invalid_body", detail: "email is no address.", members: { field: "email" } };
const SIGN_IN_REFUSED: Refusal = { refused: "sign_in_refused", detail: "Check both, and try again." };
/** The same whether it is not on the list or has an account with another password. */
const ADDRESS_REFUSED: Refusal = {
  refused: "address_refused",
  detail: "It may not be on this server's list, or it has an account already: then sign in.",
};
export const SIGN_IN_IS_BUSY: Refusal = {
  refused: "unavailable",
  detail: "Too many people sign in just now. Try again shortly.",
};
