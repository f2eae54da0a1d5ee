/** The command line: `npm run instep -- <command> [FILE]`. Ends with 0, with 1 and one line where it failed, with 2 where it was called wrongly. */
import { resolve } from "node:path";
import process from "node:process";
import { errorMessage } from "../code-of.ts";
import { readSettings } from "../settings/config.ts";
import { keepNewFilesPrivate } from "../data-folder/private-files.ts";
import { takeSettingsFile } from "../settings/settings-file.ts";
import { backupCommand } from "./backup-command.ts";
import { CommandError, type CliCommand } from "./command.ts";
import { checkCommand, reindexCommand, restoreCommand } from "./database-commands.ts";
import { exportCommand } from "./export-command.ts";
import { importCommand } from "./import-command.ts";
import { TerminalLine } from "./terminal-line.ts";
import { usersCommand } from "./users-command.ts";

const COMMANDS: readonly CliCommand[] = [
  importCommand,
  exportCommand,
  backupCommand,
  restoreCommand,
  checkCommand,
  reindexCommand,
  usersCommand,
];
const FAILED = 1;
const WRONG_USAGE = 2;

/** Runs one command and returns the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const [name, ...given] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    print(help());
    return name === undefined ? WRONG_USAGE : 0;
  }
  const command = COMMANDS.find((known) => known.name === name);
  if (!command) return complain(`There is no command "${name}"; the commands are ${names()} and help.`);
  const [first] = given;
  if (first === "--help" || first === "-h") {
    print(`Usage: npm run instep -- ${usage(command)}\n${command.summary}`);
    return 0;
  }
  // A file whose name begins with a dash is far less likely than a mistyped option; ./-name still names it.
  const words = command.takesFile ? given.slice(1) : given;
  // An empty argument, such as a script's unset variable, is none either.
  const isMissing = command.takesFile && (first === undefined || first === "");
  const isAccepted = command.more?.accepts(words) ?? words.length === 0;
  if (isMissing || !isAccepted || given.some((word) => word.startsWith("-"))) {
    return complain(`Usage: npm run instep -- ${usage(command)}`);
  }
  return run(command, command.takesFile ? (first ?? "") : "", words);
}

async function run(command: CliCommand, file: string, words: readonly string[]): Promise<number> {
  keepNewFilesPrivate();
  const unread = takeSettingsFile();
  if (unread !== null) return fail(unread);
  const { settings, fault } = readSettings(process.env);
  if (settings === null) return fail(fault);
  // npm changes to the project's folder; the file was named from where the person stands.
  const path = file === "" ? "" : resolve(process.env["INIT_CWD"] ?? process.cwd(), file);
  const now = () => Date.now();
  const line = new TerminalLine(process.stderr, now);
  try {
    await command.run({ settings, file: path, words, line, print, now });
    return 0;
  } catch (error) {
    line.clear();
    if (error instanceof CommandError) return fail(error.message);
    return fail(`${command.name} failed: ${errorMessage(error)}`);
  }
}

function help(): string {
  const width = Math.max(...COMMANDS.map((command) => usage(command).length));
  return [
    "Usage: npm run instep -- COMMAND",
    "",
    ...COMMANDS.map((command) => `  ${usage(command).padEnd(width)}  ${command.summary}`),
    `  ${"help".padEnd(width)}  show this`,
    "",
    "The settings are those of the server (DATA_DIR and the others, or a .env file). import, export, backup,",
    "check and users (but for adopt) also work while it runs.",
  ].join("\n");
}

function usage(command: CliCommand): string {
  return [command.name, command.takesFile ? "FILE" : null, command.more?.usage].filter(Boolean).join(" ");
}

function names(): string {
  return COMMANDS.map((command) => command.name).join(", ");
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(message: string): number {
  process.stderr.write(`${message.replaceAll(/\s+/g, " ")}\n`);
  return FAILED;
}

function complain(message: string): number {
  fail(message);
  return WRONG_USAGE;
}

/** Whoever reads may have had enough, as `head` does, and nothing went wrong; a full disk is another matter. */
function endWithItsReader({ code, message }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") process.exit();
  fail(`The output could not be written: ${message}`);
  process.exit(FAILED);
}

process.stdout.on("error", endWithItsReader);
// Where stderr itself can't be written to, the exit code says enough.
process.stderr.on("error", () => undefined);
if (import.meta.main) process.exitCode = await runCommandLine(process.argv.slice(2));
