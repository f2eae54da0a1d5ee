/** `backup FILE`: the conversations, and the accounts beside them. A backup that has its name is whole. */
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { accountsPath } from "../accounts/open-sign-in.ts";
import { accountsBackup } from "./accounts-backup.ts";
import { CommandError, type CliCommand, type CommandContext } from "./command.ts";
import { beside, existingDatabase, requireReplaceable } from "./standing-database.ts";
import { copyToNew, whileUnfinished } from "./unfinished-files.ts";

export const backupCommand: CliCommand = {
  name: "backup",
  takesFile: true,
  summary: "copy the database to FILE, also while the server runs",
  run: (context) => beside(context.settings, () => runBackup(context)),
};

interface Copy {
  readonly from: string;
  readonly to: string;
  /** What it is called until it is whole. */
  readonly partial: string;
}

async function runBackup({ settings, file, print }: CommandContext): Promise<void> {
  const path = existingDatabase(settings);
  const accounts = accountsBackup(file);
  const hasAccounts = existsSync(accountsPath(settings));
  for (const to of [file, accounts]) {
    if (existsSync(to)) throw new CommandError(`${to} exists already; name another file.`);
  }
  const copies = [copyOf(path, file), ...(hasAccounts ? [copyOf(accountsPath(settings), accounts)] : [])];
  requireReplaceable(
    copies.map(({ partial }) => partial),
    "back up again",
  );
  try {
    await whileUnfinished(
      copies.map(({ partial }) => partial),
      async () => {
        for (const copy of copies) await write(copy);
      },
    );
    // The accounts first: where the conversations have their name, everything does.
    for (const { partial, to } of copies.toReversed()) await rename(partial, to);
  } catch (error) {
    for (const { partial, to } of copies) for (const left of [partial, to]) await rm(left, { force: true });
    throw new CommandError(`${file} could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  print(`Backed up ${path} to ${file}${hasAccounts ? `, and the accounts to ${accounts}` : ""}.`);
}

function copyOf(from: string, to: string): Copy {
  return { from, to, partial: `${to}.part` };
}

async function write({ from, partial }: Copy): Promise<void> {
  await rm(partial, { force: true });
  await copyToNew(from, partial);
}
