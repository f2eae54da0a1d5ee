/** An account with a conversation on real SQLite, and engines that take turns on it: each is a process of its own to the replies. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  AccountId,
  AsOf,
  ClientMessageId,
  ConversationId,
  Message,
  ReplyId,
  TurnEvent,
  VersionId,
} from "@instep/protocol";
import { expect, onTestFinished } from "vitest";
import { asOfSnapshot } from "../src/as-of.ts";
import { checkEverything } from "../src/checker.ts";
import { createEngine } from "../src/create-engine.ts";
import type { BeginTurn, BegunTurn, Engine, ReplyEnding, ReplyWriter } from "../src/engine.ts";
import { ENGINE_DEFAULTS, type EngineCore } from "../src/engine-core.ts";
import type { EngineEnvironment } from "../src/environment.ts";
import type { EndedReply } from "../src/replies/ended-reply.ts";
import { createReplies, type Replies } from "../src/replies/replies.ts";
import { isRefusal, type Outcome, type Refusal } from "../src/refusal.ts";
import { openInlineSqliteStorage, openSqliteStorage } from "../src/storage/sqlite/index.ts";
import type { Storage } from "../src/storage/storage.ts";
import { MortalProcess } from "./mortal-process.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";

export const OPTIONS: EngineCore["options"] = { ...ENGINE_DEFAULTS, defaultModel: "demo" };

export const uuid = (): string => crypto.randomUUID();
export const clientId = (): ClientMessageId => uuid() as ClientMessageId;

/** The replies of one process: the engine's, or another's on the same database. */
export type Turns = Pick<Engine, "beginTurn" | "replyWriter" | "viewReply" | "stopReply">;

export class TurnWorld {
  readonly storage: Storage;
  readonly environment: EngineEnvironment;
  readonly accountId = uuid() as AccountId;
  readonly conversationId = uuid() as ConversationId;
  readonly engine: Engine;
  #isClosed = false;
  readonly #processes: Pick<Engine, "close">[] = [];

  /** The ends that any process was told of. */
  readonly told: EndedReply[] = [];

  /** Whether every process finds the database away. */
  readonly database = { isAway: false };

  constructor(storage: Storage, environment: EngineEnvironment) {
    this.storage = storage;
    this.environment = environment;
    this.engine = createEngine(this.#core());
  }

  /** The replies of another process on the same database; they close without it. */
  anotherProcess(): Replies {
    const replies = createReplies(this.#core());
    this.#processes.push(replies);
    return replies;
  }

  /** The same where the process may die or lose its database; the test closes it, or never does. */
  mortalProcess(): MortalProcess {
    return new MortalProcess(this.#core());
  }

  async prepare(): Promise<void> {
    await this.engine.ensureAccount({ id: this.accountId, email: null, name: "Ann", unreadScope: "device" });
    await this.engine.create(this.accountId, { id: this.conversationId });
  }

  async newConversation(): Promise<ConversationId> {
    const created = must(await this.engine.create(this.accountId, {}));
    return created.conversation.id as ConversationId;
  }

  /** Sends a text (or what `turn` says), and returns the turn that has begun. */
  async begin(text: string | null = "Hello", turn: Partial<BeginTurn> = {}): Promise<BegunTurn> {
    return must(await this.tryBegin(text, turn));
  }

  tryBegin(
    text: string | null,
    turn: Partial<BeginTurn> = {},
    engine: Turns = this.engine,
  ): Promise<Outcome<BegunTurn>> {
    const { conversationId } = this;
    const rest = { clientMessageId: clientId(), model: null, expectedLastSeq: null, replaceFromSeq: null };
    return engine.beginTurn(this.accountId, { conversationId, text, ...rest, ...turn });
  }

  writer(turn: BegunTurn, engine: Turns = this.engine): ReplyWriter {
    const writer = engine.replyWriter(this.accountId, turn.replyId);
    if (!writer) throw new Error("The reply isn't this engine's");
    return writer;
  }

  /** A whole turn with that reply. */
  async turn(text: string, reply: string, turn: Partial<BeginTurn> = {}): Promise<BegunTurn> {
    const begun = await this.begin(text, turn);
    const writer = this.writer(begun);
    writer.write(reply);
    await writer.end({ kind: "complete" });
    return begun;
  }

  /** Every event of a reply after a number, up to the one that ends it. */
  async events(replyId: ReplyId, after = 0, engine: Turns = this.engine): Promise<TurnEvent[]> {
    const view = must(await this.view(replyId, after, engine));
    return collect(view);
  }

  view(replyId: ReplyId, after = 0, engine: Turns = this.engine) {
    const { signal } = new AbortController();
    return engine.viewReply(this.accountId, { conversationId: this.conversationId, replyId, after }, signal);
  }

  stop(replyId: ReplyId, engine: Turns = this.engine): Promise<Outcome<"stopped" | "ended">> {
    return engine.stopReply(this.accountId, this.conversationId, replyId);
  }

  /** Ends the reply that runs in the conversation, with that text. */
  async endRunning(ending: ReplyEnding, text = ""): Promise<void> {
    const replyId = (await this.detail()).active_reply_id as ReplyId | null;
    const writer = replyId && this.engine.replyWriter(this.accountId, replyId);
    if (!writer) throw new Error("No reply of this engine's runs");
    if (text) writer.write(text);
    await writer.end(ending);
  }

  /** What once stood in the place of a message, where a page has it all. */
  async versions(seq: number) {
    const page = must(await this.engine.versions(this.accountId, this.conversationId, { seq, cursor: null }));
    expect(page).not.toHaveProperty("next_cursor");
    return page.versions;
  }

  /** Brings the newest version of a message's place back, or what is asked for. */
  async restoreVersion(seq: number, index = -1) {
    const version = (await this.versions(seq)).at(index);
    if (!version) throw new Error("There is no such version");
    const { last_seq } = await this.detail();
    return this.tryRestoreVersion(version.version_id, last_seq);
  }

  tryRestoreVersion(versionId: string, expectedLastSeq: number) {
    const { accountId, conversationId } = this;
    return this.engine.restoreVersion(accountId, conversationId, {
      versionId: versionId as VersionId,
      expectedLastSeq,
    });
  }

  async detail(conversationId = this.conversationId) {
    return must(await this.engine.open(this.accountId, conversationId, 100));
  }

  async messages(conversationId = this.conversationId): Promise<readonly Message[]> {
    return (await this.detail(conversationId)).messages;
  }

  async clock(): Promise<number> {
    return (await this.storage.read((snapshot) => snapshot.account(this.accountId)))?.clock ?? 0;
  }

  /** What an answer says that is made just now. */
  async asOf(): Promise<AsOf> {
    return this.storage.read((snapshot) => asOfSnapshot(snapshot, this.accountId));
  }

  /** Fails where anything that the writes keep differs from what the rows add up to. */
  async check(): Promise<void> {
    expect(await this.storage.read(checkEverything)).toEqual([]);
    const running = await this.storage.read((snapshot) => snapshot.countRunningTurns(this.accountId));
    const rows = await this.storage.read((snapshot) =>
      snapshot.conversationsAfter(this.accountId, { afterId: "", limit: 1000 }),
    );
    expect(rows.filter((row) => row.activeReplyId !== null)).toHaveLength(running);
  }

  #core(): EngineCore {
    const options = { ...OPTIONS, onReplyEnded: (ended: EndedReply) => void this.told.push(ended) };
    return { storage: this.#gated(), environment: this.environment, options };
  }

  #gated(): Storage {
    const { storage, database } = this;
    const pass = <T>(go: () => Promise<T>) =>
      database.isAway ? Promise.reject(new Error("The database is away")) : go();
    return {
      get epoch() {
        return storage.epoch;
      },
      get failure() {
        return storage.failure;
      },
      get trouble() {
        return storage.trouble;
      },
      read: (query) => pass(() => storage.read(query)),
      search: (question) => pass(() => storage.search(question)),
      transact: (name, input) => pass(() => storage.transact(name, input)),
      onCommit: (listener) => storage.onCommit(listener),
      close: () => storage.close(),
    };
  }

  /** Later calls do nothing. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const process of this.#processes) await process.close();
    await this.engine.close();
  }
}

export interface VirtualWorld extends TurnWorld {
  readonly environment: VirtualEnvironment;
  /** What the writer does when it is idle: what was erased leaves the database. */
  lookAround(): Promise<void>;
}

/** A world in virtual time, with SQLite's writer in this thread. */
export async function openWorld(): Promise<VirtualWorld> {
  const environment = new VirtualEnvironment();
  const storage = openInlineSqliteStorage({ path: await temporaryFile(), isDurable: false });
  const world = Object.assign(new TurnWorld(storage, environment), {
    environment,
    lookAround: () => storage.lookAround(),
  });
  await world.prepare();
  onTestFinished(() => world.close());
  return world;
}

/** A world with a writer thread, in the environment's own time; on a file of its own where none is given. */
export async function openThreadedWorld(environment: EngineEnvironment, path?: string): Promise<TurnWorld> {
  const world = new TurnWorld(await openSqliteStorage({ path: path ?? (await temporaryFile()) }), environment);
  await world.prepare();
  onTestFinished(() => world.close());
  return world;
}

/** All that comes, once the last has come. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The outcome, which the test takes for a success. */
export function must<T>(outcome: Outcome<T>): T {
  if (isRefusal(outcome)) throw new Error(`Refused: ${JSON.stringify(outcome)}`);
  return outcome;
}

/** The outcome, which the test takes for a refusal. */
export function refusalOf(outcome: unknown): Refusal {
  if (!isRefusal(outcome)) throw new Error(`Not refused: ${JSON.stringify(outcome)}`);
  return outcome;
}

/** A database file that goes with the test. */
export async function temporaryFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "instep-turns-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "instep.db");
}
