/** Another program that uses the account's API, without a device. */
import type { ConversationId, MessageId, Micros, PatchConversation, ReplyId, VersionId } from "@instep/protocol";
import { type ImportedConversation, isRefusal } from "@instep/sync-server";
import { scriptedText } from "./reply-script.ts";
import type { ApiChange, ApiStep, ReplyScript } from "./step.ts";
import { must } from "./violation.ts";
import type { World } from "./world.ts";

const DAY_MS = 86_400_000;
const SHORT: ReplyScript = { tokens: 1, gapMs: 10, end: "complete" };

/** Performs the step; nothing happens while the server is down. */
export async function performApiStep(world: World, step: ApiStep, index: number): Promise<void> {
  if (!world.server.isUp) return;
  const client = new ApiClient(world, `step ${index}`);
  switch (step.do) {
    case "stranger":
      return client.stranger();
    case "trespass":
      return world.server.apart?.trespass(world.accountId, step.conversation);
    case "import":
      return client.import(step.conversations, step.messages);
    case "api-send":
      return client.say(step.conversation, step.script);
    case "api":
      return client.change(step.conversation, step.change);
  }
}

class ApiClient {
  readonly #world: World;
  readonly #words: string;

  constructor(world: World, words: string) {
    this.#world = world;
    this.#words = words;
  }

  /** Whatever another account does is no news to this one [SYNC-9]. */
  async stranger(): Promise<void> {
    const { server, strangerId, history, random } = this.#world;
    const made = await server.api.engine.create(strangerId, { id: random.uuid(), title: "A stranger's" });
    must(!isRefusal(made), "SYNC-9", () => "a stranger can't make a conversation");
    const { clock } = history;
    await this.#world.observe();
    must(history.clock === clock, "SYNC-9", () => "a stranger's write moved this account's clock");
  }

  async import(conversations: number, messages: number): Promise<void> {
    const { server, accountId } = this.#world;
    const imported = Array.from({ length: conversations }, (_, index) => this.#imported(index, messages));
    await server.api.engine.importConversations(accountId, imported);
    for (const { id } of imported) {
      const row = await server.api.engine.open(accountId, id, 1);
      must(!isRefusal(row) && row.unread_count === 0, "DEV-7", () => `${id} was imported, and is not read`);
    }
  }

  async say(conversation: number, script: ReplyScript): Promise<void> {
    const id = this.#pick(conversation);
    if (id !== undefined) await this.#send(id, script, null);
  }

  async change(conversation: number, change: ApiChange): Promise<void> {
    const { accountId, history, server, random } = this.#world;
    const { engine } = server.api;
    if (change === "create") return void (await engine.create(accountId, { id: random.uuid(), title: this.#words }));
    if (change === "purge" || change === "same") return this.#nothing(conversation, change);
    const id = change === "restore" ? pick(history.deletedIds(), conversation) : this.#pick(conversation);
    if (id === undefined) return;
    this.#world.words.overruled(id);
    const patch = this.#patchOf(id, change);
    if (patch) return void (await engine.patch(accountId, id, patch));
    if (change === "replace" || change === "ask-again") return this.#replace(id, change);
    if (change === "bring-back") return this.#bringBack(id);
    if (change === "remove" || change === "erase" || change === "restore") return this.#removeOrRestore(id, change);
    if (change === "stop") return this.#stop(id);
    return this.#read(id, change);
  }

  #patchOf(id: ConversationId, change: ApiChange): PatchConversation | null {
    if (change === "rename") return { title: this.#words };
    if (change === "pin" || change === "unpin") return { pinned: change === "pin" };
    if (change === "archive" || change === "unarchive") return { archived: change === "archive" };
    if (change !== "model") return null;
    return { model: this.#world.history.live().get(id)?.model === "model-b" ? "model-a" : "model-b" };
  }

  async #removeOrRestore(id: ConversationId, change: "remove" | "erase" | "restore"): Promise<void> {
    const { accountId, history, server } = this.#world;
    const { engine } = server.api;
    if (change === "restore") {
      history.allowReturn(id);
      await engine.restore(accountId, id);
      return;
    }
    if (change === "erase") history.erased(id);
    const outcome = await (change === "erase" ? engine.erase(accountId, id) : engine.trash(accountId, id));
    must(!isRefusal(outcome), "SYNC-2", () => `a live conversation can't be deleted: ${JSON.stringify(outcome)}`);
    await this.#world.observe();
    must(!history.live().has(id), "SYNC-2", () => `${id} was deleted and is still there`);
  }

  /** Changes nothing that a device can see, and so ticks no clock [TICK-1]. */
  async #nothing(conversation: number, change: "purge" | "same"): Promise<void> {
    const { accountId, history, server } = this.#world;
    const { engine } = server.api;
    await this.#world.observe();
    const { clock } = history;
    const purged = pick(history.deletedIds(), conversation);
    const [id, row] = pick([...history.live()], conversation) ?? [];
    if (change === "purge" && purged !== undefined) {
      this.#world.words.overruled(purged);
      history.erased(purged);
      await engine.erase(accountId, purged);
    } else if (change === "same" && id !== undefined && row !== undefined) {
      await engine.patch(accountId, id, { title: row.title, pinned: row.pinned, model: row.model });
      await engine.markRead(accountId, id, { seq: row.read_seq, ...(row.marked_unread && { unread: true }) });
      await engine.create(accountId, { id });
    }
    await this.#world.observe();
    must(history.clock === clock, "TICK-1", () => `${change} moved the clock from ${clock} to ${history.clock}`);
  }

  async #stop(id: ConversationId): Promise<void> {
    const { accountId, history, server } = this.#world;
    const replyId = history.live().get(id)?.active_reply_id ?? null;
    if (replyId !== null) await server.api.engine.stopReply(accountId, id, replyId as ReplyId);
  }

  async #read(id: ConversationId, change: ApiChange): Promise<void> {
    const { accountId, history, server } = this.#world;
    const row = history.live().get(id);
    if (!row) return;
    if (change === "mark-unread") await server.api.engine.markRead(accountId, id, { unread: true });
    if (change === "mark-read") await server.api.engine.markRead(accountId, id, { seq: row.last_seq });
    if (change !== "read-half") return;
    await server.api.engine.markRead(accountId, id, { message_count: Math.floor(row.message_count / 2) });
  }

  async #replace(id: ConversationId, change: "replace" | "ask-again"): Promise<void> {
    const role = change === "replace" ? "user" : "assistant";
    const message = this.#world.history.messages(id).findLast((fact) => fact.isLive && fact.role === role);
    if (message) await this.#send(id, change === "replace" ? SHORT : null, message.seq);
  }

  /** Any version of the conversation; where its place was replaced too, or a reply runs, it is refused [MSG-5]. */
  async #bringBack(id: ConversationId): Promise<void> {
    const { accountId, history, random, server } = this.#world;
    const kept = await server.api.engine.allVersions(accountId, id, null);
    const version = isRefusal(kept) ? undefined : kept.versions[random.below(Math.max(1, kept.versions.length))];
    const row = history.live().get(id);
    if (!version || !row) return;
    const asked = { versionId: version.version_id as VersionId, expectedLastSeq: row.last_seq };
    const outcome = await server.api.engine.restoreVersion(accountId, id, asked);
    if (isRefusal(outcome)) return;
    await this.#world.observe();
    const live = new Set(history.messages(id).flatMap((fact) => (fact.isLive ? [fact.id] : [])));
    const missing = version.messages.filter((message) => !live.has(message.id));
    must(missing.length === 0, "MSG-5", () => `a version of ${id} came back without ${missing.length} messages`);
  }

  async #send(id: ConversationId, script: ReplyScript | null, replaceFromSeq: number | null): Promise<void> {
    const { server, accountId, random } = this.#world;
    await server.api.begin(accountId, id, {
      ...(script && { message: scriptedText(`Elsewhere in ${this.#words}`, script) }),
      client_message_id: random.uuid(),
      ...(replaceFromSeq !== null && { replace_from_seq: replaceFromSeq }),
    });
  }

  #pick(index: number): ConversationId | undefined {
    return pick([...this.#world.history.live().keys()].sort(), index);
  }

  #imported(index: number, count: number): ImportedConversation {
    const { random, time } = this.#world;
    const createdAt = ((time.now() - 400 * DAY_MS + index) * 1000) as Micros;
    return {
      id: random.uuid() as ConversationId,
      title: `Imported in ${this.#words}`,
      model: null,
      pinned: false,
      archived: index % 2 === 1,
      createdAt,
      updatedAt: createdAt,
      messages: Array.from({ length: count }, (_, place) => ({
        id: random.uuid() as MessageId,
        role: place % 2 === 0 ? ("user" as const) : ("assistant" as const),
        content: `Old ${place}`,
        status: "complete" as const,
        createdAt,
      })),
    };
  }
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items[index % Math.max(1, items.length)];
}
