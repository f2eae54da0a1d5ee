/** `export FILE`: writes every conversation as JSON that `import` reads. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { errorMessage } from "../code-of.ts";
import { exportConversations } from "../import/export-conversations.ts";
import { NO_MODEL } from "../import/instep-format.ts";
import { openEngine } from "../open-engine.ts";
import { accountOf, ONE_ADDRESS } from "./account-of.ts";
import { nameWhole, partialOf, removeLeft, requireFree } from "./new-file.ts";
import { besideStanding, existingDatabase, refuseLiveMigration } from "./standing-database.ts";
import { whileUnfinished } from "./unfinished-files.ts";
import { CommandError, type CliCommand, type CommandContext } from "./command.ts";

export const exportCommand: CliCommand = {
  name: "export",
  takesFile: true,
  more: ONE_ADDRESS,
  summary: "write all conversations to FILE as JSON, archived ones too, without the trash",
  run: (context) => besideStanding(context.settings, () => runExport(context)),
};

async function runExport(context: CommandContext): Promise<void> {
  requireFree(context.file);
  await removeLeft(context.file, context.now());
  refuseLiveMigration(existingDatabase(context.settings));
  const account = accountOf(context);
  const engine = await openEngine(context.settings, { defaultModel: NO_MODEL });
  try {
    const { id: accountId } = await engine.ensureAccount(account);
    let written = 0;
    const onProgress = (conversations: number) => {
      written = conversations;
      context.line.show(`${conversations} conversations written`);
    };
    const exportedAt = new Date(context.now()).toISOString();
    const pieces = exportConversations({ engine, accountId, exportedAt, onProgress });
    const partial = partialOf(context.file);
    await whileUnfinished([partial], () => writeFile(context.file, partial, pieces));
    context.line.clear();
    context.print(`Wrote ${written} conversation${written === 1 ? "" : "s"} to ${context.file}.`);
  } finally {
    await engine.close();
  }
}

/** The file appears under its name once it is whole. */
async function writeFile(path: string, partial: string, pieces: AsyncIterable<string>): Promise<void> {
  // On the disk before it has its name: one that has it is whole, whatever happens to the machine.
  const file = createWriteStream(partial, { flags: "wx", mode: 0o600, flush: true });
  const written = finished(file);
  try {
    // A folder that is not there or a full disk ends the stream, and then nothing drains any more.
    written.catch(() => undefined);
    for await (const piece of pieces) {
      if (!file.write(piece)) await Promise.race([once(file, "drain"), written]);
    }
    file.end();
    await written;
    await nameWhole(partial, path);
  } catch (error) {
    file.destroy();
    // It may only now be made: what is taken away before that would stand there afterwards.
    await written.catch(() => undefined);
    await rm(partial, { force: true });
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${path} could not be written: ${errorMessage(error)}`);
  }
}
