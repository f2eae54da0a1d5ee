import type { ConversationDetail, Message, TurnEvent } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { composeDemoReply } from "../../apps/server/src/generation/demo-text.ts";
import type { Evidence } from "./evidence.ts";
import { HandMadeChat } from "./hand-made-chat.ts";
import type { Turn } from "./deeds.ts";
import { reckon } from "./reckoning.ts";
import { judge, type Court } from "./verdict.ts";

const KILLED_AT = 10_000;
const REPLY = composeDemoReply("one", 1);

interface Story {
  readonly chat: HandMadeChat;
  readonly first: Turn;
  /** Asked again, killed, and ended without a word. */
  readonly second: Turn;
  evidence: Evidence;
}

/** A reply; asked again, of which a viewer saw a word that a kill took, so that the first came back; and an open question. */
function story(): Story {
  const chat = new HandMadeChat();
  const first = chat.ask("one").completes(REPLY);
  const second = chat.askAgain(2).bringsBack("interrupted", { seq: 3 });
  second.tokens.set(2, { text: "Lost", at: KILLED_AT - 400, life: 1 });
  chat.ask("two").failsEmpty();
  const { messages, lastSeq } = reckon(chat.conversation);
  const detail = {
    active_reply: null,
    active_reply_id: null,
    title: "",
    read_seq: 0,
    message_count: messages.length,
    last_seq: lastSeq,
  } as unknown as ConversationDetail;
  const replays = new Map([first, second, chat.turn].map((turn) => [turn, replayOf(turn)]));
  return { chat, first, second, evidence: { detail, messages, versions: new Map(), replays } };
}

function replayOf(turn: Turn, ...words: readonly string[]) {
  const end = turn.end;
  if (end === null || turn.userMessage === null) throw new Error("Not ended");
  const text = end.brought_back === undefined ? (end.message?.content ?? "") : "";
  const said = words.length > 0 ? words : text === "" ? [] : [text];
  const start = { user_message: turn.userMessage, reply_id: turn.replyId ?? "", message_count: 1 };
  const events: TurnEvent[] = [
    { id: 1, event: "start", data: start },
    ...said.map((word, index) => ({ id: index + 2, event: "token" as const, data: { text: word } })),
    "code" in end
      ? { id: said.length + 2, event: "error", data: end }
      : { id: said.length + 2, event: "done", data: end },
  ];
  const after = Math.floor(events.length / 2);
  return {
    events,
    late: [
      { after, rest: events.slice(after) },
      { after: 99, rest: events.slice(-1) },
    ],
  };
}

function court({ chat }: Story): Court {
  const killedAt = (life: number) => (life === 1 ? KILLED_AT : null);
  return { program: { killedAt }, figures: chat.ledger.figures, durableAfterMs: 1000 };
}

function judgeStory(told: Story): void {
  judge(court(told), told.chat.conversation, told.evidence);
}

const withMessages = ({ evidence }: Story, change: (messages: readonly Message[]) => readonly Message[]): Evidence => {
  const messages = change(evidence.messages);
  return { ...evidence, messages, detail: { ...evidence.detail, message_count: messages.length } };
};

const withReplay = ({ evidence }: Story, turn: Turn, ...words: readonly string[]): Evidence => {
  return { ...evidence, replays: new Map(evidence.replays).set(turn, replayOf(turn, ...words)) };
};

describe("the judgement of a conversation", () => {
  it("finds nothing where all stands that was acknowledged", () => {
    expect(() => judgeStory(story())).not.toThrow();
  });

  it.each<[rule: string, what: string, spoil: (story: Story) => Evidence | void]>([
    ["TURN-3", "a message that is lost", (told) => withMessages(told, (all) => all.slice(0, -1))],
    [
      "TURN-3",
      "a reply that did not come back",
      (told) => withMessages(told, (all) => all.filter(({ seq }) => seq !== 3)),
    ],
    ["TURN-3", "a message that is there twice", (told) => withMessages(told, (all) => [...all, ...all.slice(-1)])],
    [
      "TURN-3",
      "a message whose text was changed",
      (told) => withMessages(told, (all) => all.map((message) => ({ ...message, content: `${message.content}!` }))),
    ],
    [
      "TURN-3",
      "a version that is counted and not there",
      (told) => withMessages(told, (all) => all.map((message) => ({ ...message, version_count: 1 }))),
    ],
    [
      "TURN-3",
      "what was replaced and stands again",
      ({ chat, evidence }) => {
        const before = evidence.messages;
        chat.ask("uno", 1).failsEmpty();
        return { ...evidence, messages: before };
      },
    ],
    [
      "MSG-5",
      "a version that is forgotten",
      (told) => {
        told.chat.ask("uno", 1).failsEmpty();
        const { messages, lastSeq } = reckon(told.chat.conversation);
        const evidence = withMessages(told, () => messages);
        return { ...evidence, detail: { ...evidence.detail, last_seq: lastSeq } };
      },
    ],
    [
      "MSG-5",
      "a version that nobody made",
      ({ evidence }) => {
        return { ...evidence, versions: new Map([[3, [evidence.messages]]]) };
      },
    ],
    [
      "MSG-1",
      "a count that is wrong",
      ({ evidence }) => {
        return { ...evidence, detail: { ...evidence.detail, message_count: 9 } };
      },
    ],
    [
      "MSG-1",
      "a highest seq that is wrong",
      ({ evidence }) => {
        return { ...evidence, detail: { ...evidence.detail, last_seq: 9 } };
      },
    ],
    [
      "TURN-6",
      "a reply that still runs",
      ({ evidence }) => {
        return { ...evidence, detail: { ...evidence.detail, active_reply_id: "a reply" } };
      },
    ],
    ["TURN-6", "a turn that never ended", ({ chat }) => void Object.assign(chat.turn, { end: null })],
    [
      "TURN-1",
      "a send that was never acknowledged",
      ({ chat }) => void Object.assign(chat.turn, { userMessage: null }),
    ],
    [
      "TURN-5",
      "a stop that was acknowledged and undone",
      ({ first }) => void Object.assign(first, { isStopAcknowledged: true }),
    ],
    ["DEV-3", "a read position that moved back", ({ chat }) => void Object.assign(chat.conversation, { readSeq: 2 })],
    ["LIST-1", "a name that is lost", ({ chat }) => void Object.assign(chat.conversation, { title: "Named" })],
    ["TURN-4", "a replay that is not its message", (told) => withReplay(told, told.first, "Other words")],
    [
      "TURN-4",
      "text of a reply that brought back what it had replaced",
      (told) => withReplay(told, told.second, "Lost"),
    ],
    [
      "TURN-2",
      "text that was seen for longer than a second before the kill, and is gone",
      ({ second }) => void second.tokens.set(2, { text: "Lost", at: KILLED_AT - 1001, life: 1 }),
    ],
    [
      "TURN-2",
      "text that is gone although nobody was killed",
      ({ second }) => void second.tokens.set(2, { text: "Lost", at: KILLED_AT, life: 2 }),
    ],
    [
      "TURN-4",
      "words that were others for a viewer",
      ({ first }) => void first.tokens.set(2, { text: "Other", at: 0, life: 1 }),
    ],
    [
      "TURN-2",
      "a reply that is called complete and isn't",
      (told) => {
        const chat = new HandMadeChat();
        chat.ask("one").completes(REPLY.slice(0, 20));
        const { messages, lastSeq } = reckon(chat.conversation);
        Object.assign(told, { chat });
        const detail = { ...told.evidence.detail, message_count: 2, last_seq: lastSeq };
        return { detail, messages, versions: new Map(), replays: new Map([[chat.turn, replayOf(chat.turn)]]) };
      },
    ],
    [
      "TURN-4",
      "a late reader who gets something else",
      ({ evidence, first }) => {
        const replay = { ...replayOf(first), late: [{ after: 99, rest: [] }] };
        return { ...evidence, replays: new Map(evidence.replays).set(first, replay) };
      },
    ],
  ])("[%s] finds %s", (rule, _, spoil) => {
    const told = story();
    told.evidence = spoil(told) ?? told.evidence;
    expect(() => judgeStory(told)).toThrow(`[${rule}]`);
  });
});
