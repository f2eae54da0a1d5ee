import { describe, expect, it } from "vitest";
import { HandMadeChat } from "./hand-made-chat.ts";
import { judgeCalls } from "./models.ts";

type Shown = readonly (readonly [role: string, content: string])[];

/** The faults of a run in which the endpoint was asked these questions. */
function faultsOf(chat: HandMadeChat, ...calls: readonly Shown[]): readonly string[] {
  const requests = calls.map((shown) => ({ body: { messages: shown.map(([role, content]) => ({ role, content })) } }));
  judgeCalls(requests, chat.ledger);
  return chat.ledger.faults;
}

describe("the judgement of the model's calls", () => {
  const begin = () => {
    const chat = new HandMadeChat();
    chat.ask("one").failsEmpty();
    chat.ask("two").completes("second");
    return chat;
  };
  const one: Shown = [["user", "one"]];
  const two: Shown = [["user", "one\n\ntwo"]];

  it("[MODEL-3] knows that two questions in a row are one for the model", () => {
    expect(faultsOf(begin(), one, two)).toEqual([]);
  });

  it("[TURN-3] allows as many calls as there were turns, and as few as there are", () => {
    const chat = begin();
    chat.askAgain(3).bringsBack("failed", { seq: 4 });
    expect(faultsOf(chat, two, two)).toEqual([]);
  });

  it.each<[what: string, calls: readonly Shown[]]>([
    ["a call that is made twice", [one, two, two]],
    ["a call of which a message is missing", [[["user", "two"]]]],
    ["a call with a message twice", [[["user", "one\n\none\n\ntwo"]]]],
    [
      "a call whose neighbours are not joined",
      [
        [
          ["user", "one"],
          ["user", "two"],
        ],
      ],
    ],
    ["a call that nobody asked for", [[["user", "three"]]]],
    [
      "a call with another's words",
      [
        [
          ["user", "one\n\ntwo"],
          ["assistant", "second"],
        ],
      ],
    ],
  ])("[TURN-3] finds %s", (_, calls) => {
    expect(faultsOf(begin(), ...calls)).toEqual([expect.stringMatching(/^\[TURN-3\]/)]);
  });

  it("[MSG-5] finds a call that shows what was replaced", () => {
    const chat = new HandMadeChat();
    chat.ask("one").completes("first");
    chat.ask("uno", 1).completes("primo");
    const replaced: Shown = [
      ["user", "one"],
      ["assistant", "first"],
      ["user", "uno"],
    ];
    expect(faultsOf(chat, replaced)).toHaveLength(1);
  });
});
