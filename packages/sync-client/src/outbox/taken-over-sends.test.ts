import type { MessagePage } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { message } from "../../test/scripted-transport.ts";
import { seenWith } from "./taken-over-sends.ts";

/** Messages 5 to `last` of a conversation, those of `own` sent by this tab. */
function pageTo(last: number, own: readonly number[], hasNewer = false): MessagePage {
  const messages = Array.from({ length: last - 4 }, (_, index) => {
    const seq = index + 5;
    return message("a", seq, own.includes(seq) ? { client_message_id: `own-${seq}` } : {});
  });
  const pagination = { total_count: last, has_older: true, older_cursor: "5", has_newer: hasNewer, newer_cursor: null };
  return { messages, message_pagination: pagination };
}

describe("[DEV-5] what a send that went out elsewhere has left", () => {
  const own = new Set(["own-5", "own-7"]);

  it("is seen up to the reply to the last one of this tab, and no further", () => {
    expect(seenWith(pageTo(10, [5]), own, true)).toMatchObject({ count: 6, seq: 6 });
    expect(seenWith(pageTo(10, [5, 7]), own, true)).toMatchObject({ count: 8, seq: 8 });
    expect(seenWith(pageTo(6, [5]), own, true)).toMatchObject({ count: 6, seq: 6 });
  });

  it("is the message alone where its conversation is not on screen: the reply is unread", () => {
    expect(seenWith(pageTo(10, [5]), own, false)).toMatchObject({ count: 5, seq: 5 });
    expect(seenWith(pageTo(6, [5]), own, false)).toMatchObject({ count: 5, seq: 5 });
  });

  it("is the message alone where no reply is there", () => {
    expect(seenWith(pageTo(5, [5]), own, true)).toMatchObject({ count: 5, seq: 5 });
  });

  it("is nobody's to say where none of them is found, or more came than a page has", () => {
    expect(seenWith(pageTo(10, [9]), own, true)).toBeNull();
    expect(seenWith(pageTo(10, [5], true), own, true)).toBeNull();
  });
});
