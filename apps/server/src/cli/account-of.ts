/** Whose conversations a command is about: the local account's, or those of the person that is named. */
import type { Account } from "@instep/sync-server";
import { existsSync } from "node:fs";
import { LOCAL_ACCOUNT } from "../accounts/accounts.ts";
import { nameFrom, normalAddress } from "../accounts/allow-list.ts";
import { accountsPath } from "../data-folder/places.ts";
import type { AccountStore, Person } from "../accounts/storage/account-store.ts";
import { openAccountsFile, refuseLostAccounts } from "../accounts/storage/open-accounts-file.ts";
import { ACCOUNTS_SCHEMA } from "../accounts/storage/migrations.ts";
import { CommandError, type CliCommand, type CommandContext } from "./command.ts";
import { refuseLiveMigration } from "./standing-database.ts";

/** A command that takes the address of an account where people sign in. */
export const ONE_ADDRESS: NonNullable<CliCommand["more"]> = {
  usage: "[ADDRESS]",
  accepts: (words) => words.length <= 1,
};

/** Opens the accounts, beside a server or without one. Throws where an older one has them open. */
export function openAccounts({ settings }: Pick<CommandContext, "settings">): AccountStore {
  refuseLostAccounts(settings);
  refuseLiveMigration(accountsPath(settings), ACCOUNTS_SCHEMA);
  return openAccountsFile(settings);
}

/** The account that the words name, which the engine may not know yet. Throws where one has to be named, or is not known. */
export function accountOf(context: CommandContext): Account {
  const { settings, words } = context;
  const [address] = words;
  if (address === undefined && settings.allowedEmails !== null) {
    throw new CommandError("Several people may use this server; name the address of one after the file.");
  }
  if (address === undefined) return LOCAL_ACCOUNT;
  if (!existsSync(accountsPath(settings))) throw nobodyYet();
  const store = openAccounts(context);
  try {
    const { id, email } = knownPerson(store, address);
    return { id, email, name: nameFrom(email), unreadScope: "device" };
  } finally {
    store.close();
  }
}

/** Where there is no file of accounts yet. */
export function nobodyYet(): CommandError {
  return new CommandError("Nobody has an account yet; check DATA_DIR.");
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
