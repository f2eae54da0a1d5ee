/** The device's transport to the simulated server: every call goes over the network, and the oracle hears what was delivered. */
import type {
  AccountId,
  ConversationAction,
  ConversationId,
  MarkRead,
  PatchConversation,
  ReplyId,
  Send,
  VersionId,
} from "@instep/protocol";
import {
  isFailure,
  type Failure,
  type Result,
  type SyncAnswer,
  type SyncQuestion,
  type Transport,
} from "@instep/sync-client";
import { isFailedBatch } from "../packages/sync-client/src/turns/turn-effects.ts";
import { type SimulatedApi, toResult } from "./api.ts";
import type { RemoteCall, Caller } from "./exchange.ts";
import type { Link } from "./network.ts";
import type { TabWitness } from "./tab-witness.ts";
import type { ChangeCall, Thing } from "./change-call.ts";

export interface ServerTransportOptions {
  readonly link: Link;
  readonly caller: Caller;
  readonly accountId: AccountId;
  readonly api: () => SimulatedApi;
  readonly witness: TabWitness;
  /** A change leaves; returns what hears of it at the server. */
  readonly onChange: (id: string, thing: Thing) => ChangeCall;
  /** Told of every call and its answer, for a person who looks for a fault. */
  readonly log: (line: () => string) => void;
  /** Runs a check whose failure the client may not swallow. */
  readonly report: <T>(check: () => T) => T | null;
}

/** Longer than anything that a device should wait for: what the system does with a connection that died. */
const SYSTEM_TIMEOUT_MS = 300_000;
/** What the real transport does with a call whose caller doesn't watch it. */
const ANSWER_TIMEOUT_MS = 45_000;
const THINGS = ["title", "pinned", "archived", "model"] as const;
/** What an action for many changes of each; a read position is no thing that a person names. */
const THING_OF: Readonly<Record<ConversationAction, Thing | null>> = {
  pin: "pinned",
  unpin: "pinned",
  archive: "archived",
  unarchive: "archived",
  trash: "removed",
  restore: "removed",
  read: null,
  unread: null,
};

/** The transport of one tab. */
export function serverTransport(options: ServerTransportOptions): Transport {
  return logged(plainTransport(options), options.log);
}

/** The same transport, which says what goes through it. */
function logged(transport: Transport, log: ServerTransportOptions["log"]): Transport {
  return new Proxy(transport, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return async (...inputs: unknown[]): Promise<unknown> => {
        const asked = (): string => `${String(name)} ${inputs.map(describe).join(" ")}`;
        log(() => `asks ${asked()}`);
        const result: unknown = await Reflect.apply(method, target, inputs);
        log(() => `gets ${asked()} => ${describe(result)}`);
        return result;
      };
    },
  });
}

function describe(value: unknown): string {
  return value instanceof AbortSignal ? "" : (JSON.stringify(value) ?? "undefined");
}

function plainTransport(options: ServerTransportOptions): Transport {
  const { link, caller, accountId, api, witness, onChange, report } = options;
  const request = async <T>(
    kind: RemoteCall<T>["kind"],
    run: (api: SimulatedApi, signal: AbortSignal) => Promise<Result<T>>,
    { signal, topic }: { readonly signal?: AbortSignal; readonly topic?: string | undefined } = {},
  ): Promise<Result<T>> =>
    link.call<T>({
      caller,
      kind,
      topic,
      signal,
      deadlineMs: signal && kind !== "read" ? SYSTEM_TIMEOUT_MS : ANSWER_TIMEOUT_MS,
      run: (abort) => run(api(), abort),
    });
  const refuse = (): never => {
    throw new Error("This call is no part of the simulation");
  };
  return {
    async sync(question: SyncQuestion, signal: AbortSignal): Promise<Result<SyncAnswer>> {
      const delivered = report(() => witness.asks(question)) ?? (() => {});
      const topic = question.waitS > 0 ? "changes" : undefined;
      const result = await request("sync", (api, abort) => api.sync(accountId, question, abort), { signal, topic });
      if (!isFailure(result)) delivered(result);
      return result;
    },
    config: refuse,
    me: refuse,
    patchMe: refuse,
    trash: refuse,
    trashMessages: refuse,
    emptyTrash: refuse,
    search: refuse,
    list: async (page) => {
      const result = await request("list", async (api) =>
        toResult(await api.engine.list(accountId, { ...page, limit: 2 })),
      );
      if (!isFailure(result)) witness.listed(result.conversations);
      return result;
    },
    create: async (input) => {
      witness.makes(input.id);
      return request("change", async (api) => {
        const made = toResult(await api.engine.create(accountId, input));
        return isFailure(made) ? made : made.conversation;
      });
    },
    open: async (id, messageLimit) => {
      const result = await request("open", async (api) => toResult(await api.engine.open(accountId, id, messageLimit)));
      if (!isFailure(result)) witness.opened(id, result, messageLimit);
      return result;
    },
    messages: async (id, { before, after, around, limit }) => {
      const position = (at: string | number | undefined): number | null => (at === undefined ? null : Number(at));
      const page = { before: position(before), after: position(after), around: position(around), limit };
      const result = await request("messages", async (api) => toResult(await api.engine.messages(accountId, id, page)));
      if (!isFailure(result)) witness.paged(id, result);
      return result;
    },
    versions: async (id, seq, cursor) =>
      request("read", async (api) => toResult(await api.engine.versions(accountId, id, { seq, cursor }))),
    restoreVersion: async (id, versionId, expectedLastSeq) => {
      const version = { versionId: versionId as VersionId, expectedLastSeq };
      const result = await request("change", async (api) =>
        toResult(await api.engine.restoreVersion(accountId, id, version)),
      );
      if (!isFailure(result)) witness.broughtBack(id, result);
      return result;
    },
    patch: async (id, change: PatchConversation) => {
      const calls = THINGS.filter((thing) => thing in change).map((thing) => onChange(id, thing));
      const result = await request("change", async (api) => {
        for (const call of calls) call.runs();
        const patched = toResult(await api.engine.patch(accountId, id, change));
        if (isFailure(patched)) for (const call of calls) call.isRefused();
        return patched;
      });
      return summary(id, result);
    },
    remove: async (id, permanent) => {
      const call = onChange(id, "removed");
      return request("change", async (api) => {
        call.runs();
        return toResult(await (permanent ? api.engine.erase(accountId, id) : api.engine.trash(accountId, id)));
      });
    },
    restore: async (id) => {
      const call = onChange(id, "removed");
      const result = await request("change", async (api) => {
        call.runs();
        return toResult(await api.engine.restore(accountId, id));
      });
      if (!isFailure(result)) witness.restored(result);
      return summary(id, result);
    },
    act: async ({ action, ids = [] }) => {
      const thing = THING_OF[action];
      const many = ids as ConversationId[];
      const calls = new Map(thing ? many.map((id) => [id, onChange(id, thing)]) : []);
      const result = await request("change", async (api) => {
        for (const call of calls.values()) call.runs();
        const done = toResult(await api.engine.act(accountId, { action, ids: many }));
        const refused = isFailure(done) ? many : (done.missing_ids as ConversationId[]);
        if (thing !== "removed") for (const id of refused) calls.get(id)?.isRefused();
        return done;
      });
      if (isFailure(result)) return result;
      for (const row of result.conversations) {
        if (action === "restore") witness.restored(row);
        witness.toldReadPosition(row.id as ConversationId, row.read_seq);
      }
      return result;
    },
    markRead: async (id, position: MarkRead) =>
      summary(id, await request("read", async (api) => toResult(await api.engine.markRead(accountId, id, position)))),
    unreadAfter: (id, afterSeq, signal) =>
      request("read", async (api) => toResult(await api.engine.unreadAfter(accountId, id, afterSeq)), { signal }),
    sendBatch: async (id, send: Send, signal) => {
      witness.sendsTurn(id, send);
      const run = watchingCopies(id, (abort) => api().sendBatch(accountId, { id, send }, abort));
      const result = await request("send", (_api, abort) => run(abort), { signal });
      if (isFailure(result)) return refused(id, result);
      witness.turnEnded(id, result);
      return result;
    },
    sendStream: async (id, send: Send, signal) => {
      witness.sendsTurn(id, send);
      const run = watchingCopies(id, (abort) => api().sendStream(accountId, { id, send }, abort));
      const result = await link.stream({ caller, kind: "send", topic: id, signal, deadlineMs: ANSWER_TIMEOUT_MS, run });
      return isFailure(result) ? refused(id, result) : witness.watches(id, result, null);
    },
    resumeStream: async (id, from: { readonly replyId: ReplyId; readonly after: number }, signal) => {
      const run = (abort: AbortSignal) => api().view(accountId, { conversationId: id, ...from }, abort);
      const result = await link.stream({
        caller,
        kind: "resume",
        topic: id,
        signal,
        deadlineMs: ANSWER_TIMEOUT_MS,
        run,
      });
      return isFailure(result) ? refused(id, result) : witness.watches(id, result, from.replyId);
    },
    stopReply: async (id, replyId) =>
      request("change", async (api) => {
        const status = toResult(await api.engine.stopReply(accountId, id, replyId));
        return isFailure(status) ? status : { status, reply_id: replyId };
      }),
  };

  /** What was refused may be taken all the same where the network brings it again: then nobody tells the tab that it was. */
  function watchingCopies<T>(id: ConversationId, run: (abort: AbortSignal) => Promise<Result<T>>): typeof run {
    let wasRefused = false;
    return async (abort) => {
      const result = await run(abort);
      if (wasRefused && !isFailure(result)) witness.becomesUnsure(id);
      wasRefused = isFailure(result);
      return result;
    };
  }

  function refused(id: ConversationId, failure: Failure): Failure {
    if (isFailedBatch(failure.problem)) {
      witness.turnEnded(id, failure.problem);
      return failure;
    }
    const lastSeq = failure.problem["last_seq"];
    if (typeof lastSeq === "number") witness.toldStale(id, lastSeq);
    // A conversation that is gone may come back, and an earlier try may have arrived there.
    if (failure.status === 502 || failure.failed.startsWith("conversation_")) witness.becomesUnsure(id);
    return failure;
  }

  function summary<T extends { readonly read_seq: number }>(id: ConversationId, result: Result<T>): Result<T> {
    if (!isFailure(result)) witness.toldReadPosition(id, result.read_seq);
    return result;
  }
}
