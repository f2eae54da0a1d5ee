/** Passkeys: made by whoever has just shown who he is, and signing in by themselves. Nothing that is asked tells of an account. */
import type { NewPasskey, PasskeyCreation, PasskeyRequest, PasskeySignIn } from "@instep/protocol";
import { isRefusal, type Outcome, type Refusal } from "@instep/sync-server";
import { randomUUID } from "node:crypto";
import { isDatabaseTrouble } from "../problems.ts";
import { NOT_LISTED } from "./allow-list.ts";
import { attempting, attemptOf } from "./attempt-limiter.ts";
import { CHALLENGE_LIFE_MS, type Challenges } from "./challenges.ts";
import type * as Proof from "./passkey-proof.ts";
import type { Passwords } from "./passwords.ts";
import type { RelyingParty } from "./relying-party.ts";
import type { AttemptOrigin, Entered, SignInCalls, SignInOptions } from "./sign-in.ts";
import type { Access, Person, StoredPasskey } from "./storage/account-store.ts";

export interface Passkeys {
  /** What the browser is asked to make one with. */
  beginAdding(access: Access, asked: Confirmed): Promise<Outcome<PasskeyCreation>>;
  /** Keeps the one that was made. */
  finishAdding(access: Access, made: NewPasskey, party: RelyingParty): Promise<Outcome<StoredPasskey>>;
  /** What a browser is asked to sign. */
  beginSignIn(browser: string, party: RelyingParty): PasskeyRequest;
  finishSignIn(signed: PasskeySignIn["response"], asked: Signing): Promise<Outcome<Entered>>;
}

export interface Confirmed {
  readonly party: RelyingParty;
  /** Not needed just after signing in. */
  readonly password: string | undefined;
  readonly source: string;
}

export interface Signing extends AttemptOrigin {
  readonly party: RelyingParty;
  /** The one that the request comes from; null where it names none. */
  readonly browser: string | null;
}

export type PasskeyProof = Pick<typeof Proof, "ALGORITHMS" | "provenKey" | "provenCounter">;

export interface PasskeyParts
  extends Pick<SignInOptions, "store" | "limiter" | "isAllowed" | "now">, Pick<SignInCalls, "admit"> {
  readonly passwords: Pick<Passwords, "confirm">;
  readonly challenges: Challenges;
  readonly proof: PasskeyProof;
  /** Told why one was refused. */
  readonly onRefused: (why: string) => void;
}

const RP_NAME = "Instep";
const MAX_PASSKEYS = 50;
const MAX_WHY_LENGTH = 200;
/** The browser's own; the challenge ends whatever it does. */
const TIMEOUT_MS = CHALLENGE_LIFE_MS;

/** Makes the rules of passkeys [SIGN-11]. */
export function createPasskeys(parts: PasskeyParts): Passkeys {
  const { store, challenges, proof } = parts;
  return {
    async beginAdding(access, { party, password, source }) {
      const refusal = (await parts.passwords.confirm(access, password, source)) ?? refuseMore(access);
      const person = store.person(access.personId);
      if (refusal !== null) return refusal;
      if (person === null) return { refused: "unauthorized" };
      return { options: creationOptions({ parts, access, party, email: person.email }) };
    },
    async finishAdding(access, { name, response }, party) {
      const takeChallenge = (challenge: string) => challenges.spend(challenge, addingBy(access));
      const key = await orNull(parts, () => proof.provenKey(response, { party, takeChallenge }));
      if (key === null) return NOT_MADE;
      const refusal = refuseMore(access);
      if (refusal !== null) return refusal;
      const { personId } = access;
      const known = { id: randomUUID(), personId, name, host: party.id, userHandle: handleOf(access) };
      const passkey = { ...key, ...known, createdAt: parts.now(), usedAt: null };
      return store.addPasskey(passkey, access.id) ? passkey : NOT_MADE;
    },
    beginSignIn: (browser, party) => ({
      options: {
        challenge: challenges.issue(signingBy(browser)),
        rpId: party.id,
        timeout: TIMEOUT_MS,
        userVerification: "required",
      },
    }),
    finishSignIn: (response, asked) => enter(parts, response, asked),
  };

  function refuseMore({ personId }: Access): Refusal | null {
    if (store.passkeysOf(personId).length < MAX_PASSKEYS) return null;
    return { refused: "forbidden", detail: `There are ${MAX_PASSKEYS} passkeys already; remove one first.` };
  }
}

interface Creation {
  readonly parts: PasskeyParts;
  readonly access: Access;
  readonly party: RelyingParty;
  readonly email: string;
}

function creationOptions({ parts, access, party, email }: Creation): PasskeyCreation["options"] {
  const own = parts.store.passkeysOf(access.personId).filter(({ host }) => host === party.id);
  return {
    challenge: parts.challenges.issue(addingBy(access)),
    rp: { id: party.id, name: RP_NAME },
    user: { id: handleOf(access), name: email, displayName: email },
    pubKeyCredParams: parts.proof.ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    timeout: TIMEOUT_MS,
    attestation: "none",
    excludeCredentials: own.map(({ credential }) => ({ type: "public-key", id: credential })),
    // It stands for address and password: the device asks who holds it, and having it alone lets nobody in.
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  };
}

async function enter(
  parts: PasskeyParts,
  response: PasskeySignIn["response"],
  asked: Signing,
): Promise<Outcome<Entered>> {
  const { limiter } = parts;
  const attempt = attemptOf(asked.source);
  const person = await attempting(limiter, attempt, () => personWhoSigned(parts, response, asked));
  if (person === null) return NOT_RIGHT;
  if (isRefusal(person)) return person;
  limiter.forgive(attempt);
  return parts.isAllowed(person.email) ? parts.admit(person, asked.device) : NOT_LISTED;
}

/** Notes the use; null where anything isn't right. */
async function personWhoSigned(
  parts: PasskeyParts,
  response: PasskeySignIn["response"],
  { party, browser }: Signing,
): Promise<Person | null> {
  const { store, challenges, proof } = parts;
  const passkey = store.passkeyByCredential(response.id);
  if (passkey === null || passkey.host !== party.id || browser === null) return null;
  const takeChallenge = (challenge: string) => challenges.spend(challenge, signingBy(browser));
  const counter = await orNull(parts, () => proof.provenCounter(response, passkey, { party, takeChallenge }));
  if (counter === null || !store.usePasskey(passkey.id, counter, parts.now())) return null;
  return store.person(passkey.personId);
}

/** Null where the library refuses it. Throws where the challenge can't be looked up just now. */
async function orNull<T>({ onRefused }: PasskeyParts, prove: () => Promise<T>): Promise<T | null> {
  try {
    return await prove();
  } catch (error) {
    if (isDatabaseTrouble(error)) throw error;
    onRefused(whyOf(error));
    return null;
  }
}

/** The library quotes what was sent: that is anybody's. */
function whyOf(error: unknown): string {
  return error instanceof Error ? error.message.replaceAll(/".*"/gs, "…").slice(0, MAX_WHY_LENGTH) : "unknown";
}

const addingBy = ({ id }: Access): string => `add by session ${id}`;
const signingBy = (browser: string): string => `sign in by browser ${browser}`;

/** What the authenticator keeps it under: no address, and one for all of a person's. */
function handleOf({ personId }: Access): string {
  return Buffer.from(personId).toString("base64url");
}

const NOT_MADE: Refusal = { refused: "passkey_refused", detail: "It was not made as it was asked for. Add it again." };
const NOT_RIGHT: Refusal = { refused: "passkey_refused", detail: "Try again, or sign in another way." };
