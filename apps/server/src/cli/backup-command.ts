/** `backup FILE`: the conversations, and the accounts beside them. A backup that has its name is whole. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { noteLeft, peopleIn } from "../accounts/storage/left-since.ts";
import { refuseLostAccounts } from "../accounts/storage/open-accounts-file.ts";
import { errorMessage } from "../code-of.ts";
import { accountsPath } from "../data-folder/places.ts";
import { refuseEmptied } from "../open-engine.ts";
import { accountsBackup } from "./accounts-backup.ts";
import { CommandError, type CliCommand, type CommandContext } from "./command.ts";
import { nameWhole, partialOf, removeLeft, requireFree } from "./new-file.ts";
import { besideStanding, existingDatabase } from "./standing-database.ts";
import { copyToNew, untilDone, whileUnfinished } from "./unfinished-files.ts";

export const backupCommand: CliCommand = {
  name: "backup",
  takesFile: true,
  summary: "copy the database to FILE, also while the server runs",
  run: (context) => besideStanding(context.settings, () => runBackup(context)),
};

interface Copy {
  readonly from: string;
  readonly to: string;
  /** What it is called until it is whole. */
  readonly partial: string;
}

async function runBackup({ settings, file, print, now }: CommandContext): Promise<void> {
  const path = existingDatabase(settings);
  refuseEmptied(path);
  refuseLostAccounts(settings);
  const accounts = accountsBackup(file);
  const hasAccounts = existsSync(accountsPath(settings));
  for (const to of [file, accounts]) {
    requireFree(to);
    await removeLeft(to, now());
  }
  const accountsCopy = hasAccounts ? copyOf(accountsPath(settings), accounts) : null;
  const copies = [copyOf(path, file), ...(accountsCopy ? [accountsCopy] : [])];
  const named: string[] = [];
  try {
    await whileUnfinished(
      copies.map(({ partial }) => partial),
      async () => {
        const people = accountsCopy ? peopleIn(accountsCopy.from) : [];
        for (const { from, partial } of copies) await copyToNew(from, partial);
        if (accountsCopy) noteLeft(accountsCopy.partial, people);
      },
    );
    // The accounts first: where the conversations have their name, everything does, and whoever has theirs has both.
    await untilDone(async () => {
      for (const { partial, to } of copies.toReversed()) {
        await nameWhole(partial, to);
        named.push(to);
      }
    });
  } catch (error) {
    for (const left of [...named, ...copies.map(({ partial }) => partial)]) await rm(left, { force: true });
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} could not be written: ${errorMessage(error)}`);
  }
  print(`Backed up ${path} to ${file}${hasAccounts ? `, and the accounts to ${accounts}` : ""}.`);
}

function copyOf(from: string, to: string): Copy {
  return { from, to, partial: partialOf(to) };
}
