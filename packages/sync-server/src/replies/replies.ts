/** Turns and their replies: begun once, written here, watched from anywhere, and ended whatever happens [TURN-1…9]. */
import type { AccountId, ReplyId } from "@instep/protocol";
import { readDated } from "../as-of.ts";
import type { RunningNow } from "../conversation-calls.ts";
import type { Engine } from "../engine.ts";
import type { EngineCore } from "../engine-core.ts";
import { liveConversation } from "../live-conversation.ts";
import { isDoneWithin, pause } from "../pause.ts";
import { isRefusal, refuse, type Refusal } from "../refusal.ts";
import { Repeater } from "../repeater.ts";
import { activeSaid, readActiveReply, readDeletedEnd, readReply } from "./reply-reading.ts";
import { ReplyReaper } from "./reply-reaper.ts";
import { stopElsewhere } from "./reply-stop.ts";
import { JOURNAL_KEEP_MS, microsAfter, POLL_MS, STOP_ANSWER_MS } from "./reply-times.ts";
import { endIn, inEpoch, viewFeed, viewJournal, type JournalView } from "./reply-viewer.ts";
import type { ReplyKey } from "./running-reply.ts";
import { RunningReplies } from "./running-replies.ts";
import { SharedEnds } from "./shared-ends.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { Snapshot } from "../storage/transaction.ts";
import type { EngineTurns, ReplyWriter } from "../turns.ts";
import { TurnBeginner } from "./turn-beginner.ts";

/** How many rows of journals one transaction of the sweep removes. */
const SWEEP_BATCH = 200;

const UNKNOWN = refuse("reply_not_found");
/** The model is asked for no more, and the end goes on being written behind this. */
const NOT_DURABLE_YET = refuse("unavailable", "The database does not answer. The reply ends as soon as it does.");

/** What the engine's face offers about turns, and what the engine itself needs of them. */
export interface Replies extends EngineTurns, RunningNow, Pick<Engine, "sweep" | "close"> {
  readonly runningCount: number;
}

/** Puts the parts together: what runs here, what others left behind, and what the database knows. */
export function createReplies(core: EngineCore): Replies {
  const { storage, environment } = core;
  const running = new RunningReplies(core);
  const turns = new TurnBeginner(core, running);
  const orphans = new ReplyReaper(core, running);
  const ends = new SharedEnds();
  const reaper = new Repeater(environment, { everyMs: () => orphans.everyMs, run: () => orphans.reap() });
  reaper.start();
  void reaper.runNow();

  // A reply that has ended since the snapshot is told as it ran then, or as far as its feed has come: whoever attaches gets the rest.
  async function activeReplyIn(snapshot: Snapshot, accountId: AccountId, conversation: ConversationRow) {
    const { id: conversationId, activeReplyId: replyId } = conversation;
    if (replyId === null) return null;
    const reply = running.findIn({ accountId, conversationId, replyId });
    if (reply === null) return readActiveReply(snapshot, { accountId, replyId });
    return { reply_id: replyId, ...activeSaid(reply.feed.said), last_event_id: reply.feed.lastEventId };
  }

  const pauseToLookAgain = (gone: AbortSignal) => pause(environment, POLL_MS, gone);

  async function readOn(key: ReplyKey, seen: number): Promise<JournalView> {
    const view = await storage.read(
      async (snapshot) =>
        (await readReply(snapshot, key, seen)) ?? {
          chunks: [],
          hasMore: false,
          end: await readDeletedEnd(snapshot, key.accountId, seen),
        },
    );
    return view.end ? { ...view, end: ends.share(key.replyId, endIn(storage.epoch, view.end)) } : view;
  }

  return {
    get runningCount() {
      return running.count;
    },
    beginTurn: (accountId, turn) => turns.begin(accountId, turn),
    replyWriter: (accountId, replyId) => writerOf(running, accountId, replyId),
    async viewReply(accountId, { conversationId, replyId, after }, signal) {
      const key = { accountId, conversationId, replyId };
      const feed = () => running.findIn(key)?.feed ?? null;
      const live = feed();
      if (live !== null) return inEpoch(viewFeed(live, after, signal), () => storage.epoch);
      const refusal = await refuseAbsent(core, key);
      if (refusal !== null) return refusal;
      if ((await storage.read((snapshot) => readReply(snapshot, key, after))) === null) return UNKNOWN;
      const source = { read: (seen: number) => readOn(key, seen), feed, pause: pauseToLookAgain };
      return inEpoch(viewJournal(source, after, signal), () => storage.epoch);
    },
    async stopReply(accountId, conversationId, replyId) {
      const key = { accountId, conversationId, replyId };
      const reply = running.findIn(key);
      if (reply === null) return (await refuseAbsent(core, key)) ?? stopElsewhere(core, key);
      const isStopped = !reply.isEnding;
      const ended = running.cutShort(reply, { kind: "stopped" });
      if (!(await isDoneWithin(environment, STOP_ANSWER_MS, ended))) return NOT_DURABLE_YET;
      return isStopped ? "stopped" : "ended";
    },
    activeReplyIn,
    activeReply: (accountId, conversationId) =>
      storage.read(async (snapshot) => {
        const conversation = await snapshot.conversation(accountId, conversationId);
        return conversation && activeReplyIn(snapshot, accountId, conversation);
      }),
    async sweep() {
      const now = environment.now();
      const input = { now, endedBefore: microsAfter(now, -JOURNAL_KEEP_MS), limit: SWEEP_BATCH };
      while (!(await storage.transact("sweepJournals", input)).isDone);
    },
    async close() {
      await reaper.stop();
      await turns.stop();
      await running.close();
    },
  };
}

/** What a conversation that is deleted, or was never there, answers to every call [TURN-8]; null for one that is there. */
async function refuseAbsent({ storage }: EngineCore, key: ReplyKey): Promise<Refusal | null> {
  const { accountId, conversationId } = key;
  const conversation = await readDated(storage, accountId, (snapshot) =>
    liveConversation(snapshot, accountId, conversationId),
  );
  return isRefusal(conversation) ? conversation : null;
}

function writerOf(running: RunningReplies, accountId: AccountId, replyId: ReplyId): ReplyWriter | null {
  const reply = running.find(accountId, replyId);
  return (
    reply && {
      replyId,
      signal: reply.signal,
      write: (text) => running.write(reply, text),
      think: (thoughts) => running.write(reply, { text: "", thoughts }),
      takeBackText: () => running.write(reply, { text: "", text_was_thoughts: true }),
      end: (ending) => running.end(reply, ending),
    }
  );
}
