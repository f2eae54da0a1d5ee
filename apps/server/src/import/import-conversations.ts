/** Brings a file's conversations into the engine: read one by one, written in batches, each conversation at most once. */
import type { AccountId } from "@instep/protocol";
import type { Engine, ImportedConversation, NamedInstructions } from "@instep/sync-server";
import type { ReadConversation } from "./conversation-reading.ts";
import type { SourceFile } from "./import-source.ts";
import { EXPORT_VERSION, readInstepConversation } from "./instep-format.ts";
import { BrokenFileError, KNOWN_FILES, readJsonElements, type JsonHeader } from "./json-elements.ts";
import { NOTHING_LEFT_OUT, type LeftOut, type LeftOutCounts } from "./left-out.ts";
import { readPresets } from "./preset-format.ts";
import { readConversation } from "./read-conversation.ts";

export interface ImportParts {
  readonly engine: Pick<Engine, "importConversations" | "importPresets">;
  readonly accountId: AccountId;
  readonly files: readonly SourceFile[];
  /** Milliseconds of the wall clock; stands in for times that are missing. */
  readonly now: number;
  /** A conversation of more than so many messages is left; nothing given: none is. */
  readonly maxMessages?: number;
  /** Called after every batch, with what has been done and how much of the files was read, from 0 to 1. */
  readonly onProgress: (summary: ImportSummary, share: number) => void;
}

export interface ImportSummary {
  /** Conversations that were in the files. */
  readonly read: number;
  readonly added: number;
  /** Those that stood here already, and have got what is new in the file. */
  readonly grown: number;
  /** Those that stand here already with all that the file has, are in the trash or were deleted here. */
  readonly known: number;
  /** Those that have something new in the file, and were changed here since: they are left as they are. */
  readonly kept: number;
  /** The titles of the first twenty of them: enough to know which ones are meant. */
  readonly keptTitles: readonly string[];
  /** Those without anybody's words, and what was no conversation. */
  readonly empty: number;
  readonly unreadable: number;
  /** Those of more messages than may be brought in at once. */
  readonly tooLarge: number;
  /** Presets of instructions that are none, or for which there is no room. */
  readonly presetsLeftOut: number;
  /** Messages that were added. */
  readonly messages: number;
  /** Versions of these conversations that were added [MSG-5]. */
  readonly versions: number;
  /** Messages of all conversations read that were not brought in, by reason. */
  readonly leftOut: LeftOutCounts;
}

export const NOTHING_IMPORTED: ImportSummary = {
  read: 0,
  added: 0,
  grown: 0,
  known: 0,
  kept: 0,
  keptTitles: [],
  empty: 0,
  unreadable: 0,
  tooLarge: 0,
  presetsLeftOut: 0,
  messages: 0,
  versions: 0,
  leftOut: NOTHING_LEFT_OUT,
};

/** The import broke off; what was added before it stays, and running it again goes on from there. */
export class ImportStoppedError extends Error {
  override readonly name = "ImportStoppedError";
  readonly summary: ImportSummary;

  constructor(message: string, summary: ImportSummary) {
    super(message);
    this.summary = summary;
  }
}

/** A batch is one transaction: large enough to be quick, small enough that a running server's own writes don't wait for it. */
const MAX_BATCH_MESSAGES = 1_000;
const MAX_BATCH_LENGTH = 2_000_000;
/** The summary goes from thread to thread with every batch. */
const MAX_TITLES = 20;

const UNKNOWN_FILE = `The file has no conversation that can be read; it has to be ${KNOWN_FILES}.`;

/** Imports the files in order. Throws `ImportStoppedError` where one is broken. */
export async function importFiles(parts: ImportParts): Promise<ImportSummary> {
  const run = new ImportRun(parts);
  try {
    for (const file of parts.files) await run.read(file);
    const summary = run.summary();
    const isUnknown = summary.read > 0 && summary.unreadable === summary.read;
    if (isUnknown) throw new ImportStoppedError(UNKNOWN_FILE, summary);
    return summary;
  } catch (error) {
    if (error instanceof BrokenFileError) throw new ImportStoppedError(error.message, run.summary());
    throw error;
  }
}

class ImportRun {
  readonly #parts: ImportParts;
  readonly #totalSize: number;
  #readSize = 0;
  #presets: readonly NamedInstructions[] = [];
  #batch: ImportedConversation[] = [];
  #batchMessages = 0;
  #batchLength = 0;
  #writing: Promise<void> = Promise.resolve();
  readonly #counts = {
    read: 0,
    added: 0,
    grown: 0,
    known: 0,
    kept: 0,
    empty: 0,
    unreadable: 0,
    tooLarge: 0,
    presetsLeftOut: 0,
    messages: 0,
    versions: 0,
  };
  readonly #leftOut: Record<LeftOut, number> = { ...NOTHING_LEFT_OUT };
  readonly #keptTitles: string[] = [];

  constructor(parts: ImportParts) {
    this.#parts = parts;
    this.#totalSize = parts.files.reduce((sum, file) => sum + file.size, 0);
  }

  summary(): ImportSummary {
    return { ...this.#counts, keptTitles: [...this.#keptTitles], leftOut: { ...this.#leftOut } };
  }

  /** What stood whole before a broken place is written too. */
  async read(file: SourceFile): Promise<void> {
    let reader: ReadConversation = readConversation;
    const onHeader = (header: JsonHeader) => {
      reader = readerFor(header);
      if (reader !== readInstepConversation) return;
      const { presets, leftOut } = readPresets(header);
      this.#presets = presets;
      this.#counts.presetsLeftOut += leftOut;
    };
    try {
      for await (const element of readJsonElements(this.#count(file.open()), onHeader)) {
        await this.#keepPresets();
        this.#addReading(reader(element.value, this.#parts.now));
        if (this.#batchMessages >= MAX_BATCH_MESSAGES || this.#batchLength >= MAX_BATCH_LENGTH) await this.#flush();
      }
    } finally {
      await this.#keepPresets();
      await this.#flush();
      await this.#writing;
    }
  }

  async #keepPresets(): Promise<void> {
    const presets = this.#presets;
    this.#presets = [];
    if (presets.length === 0) return;
    this.#counts.presetsLeftOut += await this.#parts.engine.importPresets(this.#parts.accountId, presets);
  }

  async *#count(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.#readSize += chunk.length;
      yield chunk;
    }
  }

  #addReading(reading: ReturnType<ReadConversation>): void {
    this.#counts.read++;
    for (const why of reading.leftOut) this.#leftOut[why]++;
    if (reading.kind === "nothing") {
      if (reading.why === "no-messages") this.#counts.empty++;
      else this.#counts.unreadable++;
      return;
    }
    const { conversation } = reading;
    const messages = [conversation, ...(conversation.versions ?? [])].flatMap((one) => one.messages);
    if (messages.length > (this.#parts.maxMessages ?? Infinity)) {
      this.#counts.tooLarge++;
      return;
    }
    this.#batch.push(conversation);
    this.#batchMessages += messages.length + 1;
    this.#batchLength += messages.reduce(
      (sum, { content, thoughts = "" }) => sum + content.length + thoughts.length,
      conversation.instructions?.length ?? 0,
    );
  }

  /** Hands the batch to the engine, which writes it while the next one is read. */
  async #flush(): Promise<void> {
    await this.#writing;
    const batch = this.#batch;
    this.#batch = [];
    this.#batchMessages = 0;
    this.#batchLength = 0;
    this.#writing = batch.length === 0 ? Promise.resolve() : this.#write(batch);
    // It is awaited before the next one; until then nobody else would hear of its failure.
    this.#writing.catch(() => undefined);
  }

  async #write(batch: readonly ImportedConversation[]): Promise<void> {
    const done = await this.#parts.engine.importConversations(this.#parts.accountId, batch);
    const ids = new Set(done.kept);
    const kept = batch.filter(({ id }) => ids.has(id));
    this.#counts.added += done.added;
    this.#counts.grown += done.grown;
    this.#counts.known += batch.length - done.added - done.grown - kept.length;
    this.#counts.kept += kept.length;
    this.#counts.messages += done.messages;
    this.#counts.versions += done.versions;
    this.#leftOut.version += done.versionsLeftOut;
    this.#keptTitles.push(...kept.slice(0, MAX_TITLES - this.#keptTitles.length).map(({ title }) => title));
    this.#parts.onProgress(this.summary(), this.#totalSize === 0 ? 1 : this.#readSize / this.#totalSize);
  }
}

function readerFor(header: JsonHeader): ReadConversation {
  if (header === null || header["instep_export"] === undefined) return readConversation;
  if (header["instep_export"] === EXPORT_VERSION) return readInstepConversation;
  const version = JSON.stringify(header["instep_export"]).slice(0, 40);
  throw new BrokenFileError(
    `This export has version ${version}, and this Instep reads version ${EXPORT_VERSION}; update it.`,
  );
}
