/** Signing in with another provider: who may, as whom, and what that ends. */
import { randomUUID } from "node:crypto";
import type { AccountId } from "@instep/protocol";
import type { Outcome, Refusal } from "@instep/sync-server";
import { storableText, withinCodeUnits } from "../storable-text.ts";
import { normalAddress, NOT_LISTED } from "./allow-list.ts";
import type { OidcIdentity } from "./oidc-client.ts";
import type { Entered, SignInCalls, SignInOptions } from "./sign-in.ts";
import type { Person } from "./storage/account-store.ts";

type Parts = Pick<SignInOptions, "store" | "sessions" | "isAllowed" | "now"> & Pick<SignInCalls, "admit">;

const MAX_NAME_LENGTH = 200;

/** Makes the rule by which somebody whom the provider vouches for is let in; `device` is what the browser says that it is. */
export function createOidcSignIn({ store, sessions, isAllowed, now, admit }: Parts) {
  return async (identity: OidcIdentity, device: string): Promise<Outcome<Entered>> => {
    const { issuer, subject, isEmailVerified } = identity;
    const email = isEmailVerified && identity.email !== null ? normalAddress(identity.email) : null;
    if (email === null) return UNVERIFIED;
    const known = store.personByIdentity(issuer, subject);
    if (known !== null) return isAllowed(known.email) ? admit(known, device) : NOT_LISTED;
    if (!isAllowed(email)) return NOT_LISTED;
    const person = store.personByEmail(email) ?? add(email);
    // One whose account is being erased waits until nothing of it is left.
    if (store.leaving().includes(person.id)) return NOT_LISTED;
    // Whoever signed up with it first need not be its owner: what that password let in ends.
    store.addIdentity({ issuer, subject, personId: person.id });
    sessions.recheck(person.id);
    const name = identity.name === null ? undefined : withinCodeUnits(storableText(identity.name), MAX_NAME_LENGTH);
    return admit(store.person(person.id) ?? person, device, name);
  };

  function add(email: string): Person {
    const person = { id: randomUUID() as AccountId, email, password: null, createdAt: now() };
    const added = store.addPerson(person) ?? store.personByEmail(email);
    if (added === null) throw new Error("An address that was taken is not there");
    return added;
  }
}

const UNVERIFIED: Refusal = { refused: "address_unverified" };
