/** `import FILE`: brings in an export of ChatGPT, Claude, Open WebUI or Instep, as often as one likes. */
import { importFiles, ImportStoppedError, type ImportSummary } from "../import/import-conversations.ts";
import { requireSource, withSource, type SourceFile } from "../import/import-source.ts";
import { NO_MODEL } from "../import/instep-format.ts";
import { BrokenFileError } from "../import/json-elements.ts";
import { openEngine } from "../open-engine.ts";
import { databasePath } from "../data-folder/places.ts";
import { accountOf, ONE_ADDRESS } from "./account-of.ts";
import { beside, refuseLiveMigration, requireUsedFolder } from "./standing-database.ts";
import { CommandError, type CliCommand, type CommandContext } from "./command.ts";

export const importCommand: CliCommand = {
  name: "import",
  takesFile: true,
  more: ONE_ADDRESS,
  summary: "bring in an export of ChatGPT, Claude (conversations.json, its folder or .zip), Open WebUI or Instep",
  run: findAndImport,
};

const REASONS: Readonly<Record<keyof ImportSummary["leftOut"], string>> = {
  hidden: "hidden",
  empty: "without text",
  tool: "calls and results of tools",
  thinking: "thoughts of a model",
  citation: "references to sources",
  branch: "on other branches",
  version: "earlier versions whose time has ended",
  other: "of an unknown kind",
};

async function findAndImport(context: CommandContext): Promise<void> {
  const { settings, file, words } = context;
  try {
    requireSource(file);
    // A folder may begin with an import for the local account, and for nobody else.
    if (words.length > 0 || settings.allowedEmails !== null) requireUsedFolder(settings);
    await beside(settings, () => withSource(file, (files) => runImport(context, files)));
  } catch (error) {
    throw error instanceof BrokenFileError ? new CommandError(error.message) : error;
  }
}

async function runImport(context: CommandContext, files: readonly SourceFile[]): Promise<void> {
  refuseLiveMigration(databasePath(context.settings));
  const account = accountOf(context);
  const engine = await openEngine(context.settings, { defaultModel: NO_MODEL });
  const startedAt = context.now();
  try {
    // The files may have been put back since a server ran: what that one had said is to be told from what this writes.
    await engine.noteStart();
    const { id: accountId } = await engine.ensureAccount(account);
    const onProgress = (summary: ImportSummary, share: number) => context.line.show(progressLine(summary, share));
    const summary = await importFiles({ engine, accountId, files, now: startedAt, onProgress });
    context.line.clear();
    for (const line of describe(summary)) context.print(line);
    context.print(`Done in ${((context.now() - startedAt) / 1000).toFixed(1)} s.`);
  } catch (error) {
    context.line.clear();
    if (!(error instanceof ImportStoppedError)) throw error;
    if (error.summary.read === error.summary.unreadable) throw new CommandError(error.message);
    for (const line of describe(error.summary)) context.print(line);
    throw new CommandError(
      `The import stopped. ${error.message} What was added stays; importing again goes on from there.`,
    );
  } finally {
    await engine.close();
  }
}

function progressLine(summary: ImportSummary, share: number): string {
  const percent = Math.min(100, Math.floor(share * 100));
  return `${percent} %  ${count(summary.read, "conversation")} read, ${summary.added} added, ${count(summary.messages, "message")}`;
}

function describe(summary: ImportSummary): string[] {
  const { added, grown, known, kept, empty, unreadable, presetsLeftOut, messages, versions } = summary;
  const lines = [
    `Added ${count(added, "conversation")} ${grown > 0 ? "and altogether" : "with"} ${count(messages, "message")}.`,
  ];
  if (versions > 0) lines.push(`Earlier versions of what was edited or asked again: ${versions}.`);
  if (grown > 0) lines.push(`Continued with what is new in the file: ${count(grown, "conversation")}.`);
  if (kept > 0) lines.push(`Changed here since, left as they are although the file has more: ${titles(summary)}.`);
  if (known > 0) lines.push(`Already here (or deleted here before), left as they are: ${known}.`);
  if (empty > 0) lines.push(`Without any message, not brought in: ${empty}.`);
  if (unreadable > 0) lines.push(`Not conversations, not brought in: ${unreadable}.`);
  if (presetsLeftOut > 0) lines.push(`Presets that there is no room for, or that are none: ${presetsLeftOut}.`);
  const reasons = Object.entries(REASONS)
    .map(([why, text]) => ({ text, times: summary.leftOut[why as keyof typeof REASONS] }))
    .filter(({ times }) => times > 0);
  if (reasons.length > 0) {
    lines.push(`Parts left out of what was read: ${reasons.map(({ text, times }) => `${times} ${text}`).join(", ")}.`);
  }
  return lines;
}

function titles({ kept, keptTitles }: ImportSummary): string {
  const named = keptTitles.map((title) => JSON.stringify(title));
  const others = kept - named.length;
  return others > 0 ? `${named.join(", ")} and ${others} more` : named.join(", ");
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
