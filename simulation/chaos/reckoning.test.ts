import type { Message } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { HandMadeChat } from "./hand-made-chat.ts";
import { reckon } from "./reckoning.ts";

const contents = (messages: readonly Message[]) => messages.map(({ seq, content }) => `${seq} ${content}`);

describe("what must stand", () => {
  it("[MSG-1] is every message that was acknowledged, in its order", () => {
    const chat = new HandMadeChat();
    chat.ask("one").completes("first");
    chat.ask("two").fails("half");
    chat.ask("three").failsEmpty();
    const { messages, lastSeq } = reckon(chat.conversation);
    expect(contents(messages)).toEqual(["1 one", "2 first", "3 two", "4 half", "5 three"]);
    expect(lastSeq).toBe(5);
  });

  it("[MSG-3] is a new reply in place of one that was asked again, which is kept", () => {
    const chat = new HandMadeChat();
    chat.ask("one").completes("first");
    chat.askAgain(2).completes("second", { versionCount: 1 });
    const { messages, versions } = reckon(chat.conversation);
    expect(contents(messages)).toEqual(["1 one", "3 second"]);
    expect(messages[1]?.version_count).toBe(1);
    expect(versions.map((version) => [version.afterSeq, contents(version.messages)])).toEqual([[1, ["2 first"]]]);
  });

  it.each(["stopped", "failed", "interrupted"] as const)(
    "[MSG-5] is what a turn had replaced that asked again and was %s without a word, and no version of it",
    (how) => {
      const chat = new HandMadeChat();
      chat.ask("one").completes("first");
      chat.askAgain(2).bringsBack(how, { seq: 3 });
      const { messages, versions, lastSeq } = reckon(chat.conversation);
      expect(contents(messages)).toEqual(["1 one", "3 first"]);
      expect([versions, lastSeq]).toEqual([[], 3]);
      expect(messages[1]?.version_count).toBeUndefined();
    },
  );

  it("[MSG-5] is what a turn had replaced whose conversation was deleted under it and restored", () => {
    const chat = new HandMadeChat();
    chat.ask("one").completes("first");
    chat.askAgain(2).isDeleted({ messageCount: 2, lastSeq: 3 });
    expect(contents(reckon(chat.conversation).messages)).toEqual(["1 one", "3 first"]);
  });

  it("[MSG-5] is the other words of a question, while the old ones are kept with all that followed them", () => {
    const chat = new HandMadeChat();
    chat.ask("one").completes("first");
    chat.ask("two").completes("second");
    chat.ask("uno", 1).completes("primo");
    const { messages, versions } = reckon(chat.conversation);
    expect(contents(messages)).toEqual(["5 uno", "6 primo"]);
    expect(messages[0]?.version_count).toBe(1);
    expect(versions.map(({ afterSeq, messages: kept }) => [afterSeq, kept.length])).toEqual([[0, 4]]);
  });

  it("[MSG-5] leaves no version of a question without a reply that is said again word for word", () => {
    const chat = new HandMadeChat();
    chat.ask("one").failsEmpty();
    chat.ask("one", 1).completes("first");
    const { messages, versions } = reckon(chat.conversation);
    expect([contents(messages), versions]).toEqual([["2 one", "3 first"], []]);
  });

  it("[MSG-5] is a version that was brought back, with what was kept of places inside it", () => {
    const chat = new HandMadeChat();
    chat.ask("one").completes("first");
    chat.askAgain(2).completes("second", { versionCount: 1 });
    chat.ask("uno", 1).completes("primo");
    chat.conversation.deeds.push({ kind: "restoration", afterSeq: 0, index: 0 });
    const { messages, versions } = reckon(chat.conversation);
    expect(contents(messages)).toEqual(["6 one", "7 second"]);
    expect(versions.map(({ afterSeq, messages: kept }) => [afterSeq, contents(kept)])).toEqual([
      [6, ["2 first"]],
      [0, ["4 uno", "5 primo"]],
    ]);
    expect(messages.map(({ version_count: count }) => count)).toEqual([1, 1]);
  });

  it("[MODEL-3] shows the model what stands, without what was replaced and without empty replies", () => {
    const chat = new HandMadeChat();
    const shown = () => [...reckon(chat.conversation).shown.values()].at(-1)?.map(({ content }) => content);
    chat.ask("one").stopsEmpty();
    chat.ask("two").completes("second");
    expect(shown()).toEqual(["one", "two"]);
    chat.askAgain(4).fails("sec", { versionCount: 1 });
    expect(shown()).toEqual(["one", "two"]);
    chat.ask("three").completes("third");
    expect(shown()).toEqual(["one", "two", "sec", "three"]);
  });
});

describe("acknowledgements that contradict each other are a fault:", () => {
  const begin = () => {
    const chat = new HandMadeChat();
    chat.ask("one").completes("first");
    return chat;
  };

  it.each<[rule: string, what: string, (chat: HandMadeChat) => void]>([
    ["MSG-1", "a seq that is given twice", (chat) => chat.ask("two", null, { seq: 2 }).completes("second", { seq: 3 })],
    ["MSG-1", "a seq that is skipped", (chat) => chat.ask("two").completes("second", { seq: 9 })],
    ["MSG-1", "a count that is not what stands", (chat) => chat.ask("two").completes("second", { messageCount: 3 })],
    ["MSG-3", "what is replaced and does not stand", (chat) => chat.askAgain(7).completes("second")],
    ["MSG-5", "nothing that comes back where something must", (chat) => chat.askAgain(2).failsEmpty()],
    ["MSG-5", "an empty reply where something must come back", (chat) => chat.askAgain(2).stopsEmpty()],
    ["MSG-5", "fewer that come back", (chat) => chat.askAgain(2).bringsBack("failed", { seq: 3, count: 2 })],
    ["MSG-5", "something that comes back of a new turn", (chat) => chat.ask("two").bringsBack("failed", { seq: 4 })],
    ["MSG-5", "what comes back under its old number", (chat) => chat.askAgain(2).bringsBack("stopped", { seq: 2 })],
    [
      "MSG-5",
      "another message than the one that was replaced",
      (chat) => chat.askAgain(2).bringsBack("stopped", { seq: 3, content: "other" }),
    ],
    ["MSG-5", "a reply that doesn't tell of its version", (chat) => chat.askAgain(2).completes("second")],
    ["MSG-5", "a version of a place that has none", (chat) => chat.ask("two").completes("second", { versionCount: 1 })],
    ["MSG-1", "a deletion that forgets", (chat) => chat.askAgain(2).isDeleted({ messageCount: 1, lastSeq: 2 })],
  ])("[%s] %s", (rule, _, spoil) => {
    const chat = begin();
    expect(() => reckon(chat.conversation)).not.toThrow();
    spoil(chat);
    expect(() => reckon(chat.conversation)).toThrow(`[${rule}]`);
  });
});
