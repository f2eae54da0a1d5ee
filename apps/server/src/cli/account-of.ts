/** Whose conversations a command is about: the local account's, or those of the person that is named. */
import type { AccountId } from "@instep/protocol";
import type { Engine } from "@instep/sync-server";
import { existsSync } from "node:fs";
import { LOCAL_ACCOUNT } from "../accounts/accounts.ts";
import { nameFrom, normalAddress } from "../accounts/allow-list.ts";
import { accountsPath } from "../accounts/open-sign-in.ts";
import type { AccountStore, Person } from "../accounts/storage/account-store.ts";
import { openAccountStore } from "../accounts/storage/sqlite-account-store.ts";
import { CommandError, type CliCommand, type CommandContext } from "./command.ts";

/** A command that takes the address of an account where people sign in. */
export const ONE_ADDRESS: NonNullable<CliCommand["more"]> = {
  usage: "[ADDRESS]",
  accepts: (words) => words.length <= 1,
};

/** The account that the words name. Throws where one has to be named, or is not known. */
export async function accountOf(
  { settings, words }: CommandContext,
  engine: Pick<Engine, "ensureAccount">,
): Promise<AccountId> {
  const [address] = words;
  if (address === undefined && settings.allowedEmails !== null) {
    throw new CommandError("Several people may use this server; name the address of one after the file.");
  }
  if (address === undefined) return (await engine.ensureAccount(LOCAL_ACCOUNT)).id;
  const path = accountsPath(settings);
  if (!existsSync(path)) throw new CommandError(`Nobody has an account yet; check DATA_DIR.`);
  const store = openAccountStore(path);
  try {
    const { id, email } = knownPerson(store, address);
    const account = { id, email, name: nameFrom(email), unreadScope: "device" } as const;
    return (await engine.ensureAccount(account)).id;
  } finally {
    store.close();
  }
}

/** The person of that address. Throws where there is none. */
export function knownPerson(store: Pick<AccountStore, "personByEmail">, address: string): Person {
  const person = store.personByEmail(addressOf(address));
  if (person === null) throw new CommandError(`${address} has no account here.`);
  return person;
}

/** The address as it is stored. Throws where it is none. */
export function addressOf(text: string): string {
  const address = normalAddress(text);
  if (address === null) throw new CommandError(`"${text}" is no address.`);
  return address;
}
