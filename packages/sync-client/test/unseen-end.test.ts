/** A turn that ends where nobody looks: its reply is unread until it is shown [DEV-5]. */
import { describe, expect, it } from "vitest";
import { idOf, increment, row } from "./scripted-server.ts";
import { detail, summary, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, type WholeDevice } from "./whole-device.ts";

const A = idOf("a");
const B = idOf("b");

/** A device with conversation A on screen, in which a turn of its own runs; and what it told of replies that nobody has seen. */
async function sending(): Promise<WholeDevice & { readonly unseen: string[] }> {
  const unseen: string[] = [];
  const whole = await openDevice({ callbacks: { onReplyUnseen: (id) => void unseen.push(id) } });
  whole.transport.answers.open = (id) => detail(id === A ? "a" : "b", id === A ? 10 : 20);
  whole.transport.answers.markRead = () => summary("a", 12, { read_seq: 12, unread_count: 0 });
  await whole.device.views.openConversation(A);
  await whole.device.turns.send(A, "message 11");
  await settle();
  return { ...whole, unseen };
}

const end = ({ transport }: WholeDevice): Promise<void> => transport.stream.feed(...turn("a", 11, ["Hi"]));
const unreadOf = ({ device }: WholeDevice): number | undefined => device.conversations.get(A)?.unread;

describe("[DEV-5] the reply of a turn that ends where nobody looks", () => {
  it("is a badge and in the title where another conversation is open, told once, and read when it is opened", async () => {
    const whole = await sending();
    await whole.device.views.openConversation(B);
    await end(whole);
    expect([unreadOf(whole), whole.device.conversations.unreadConversations(), whole.unseen]).toEqual([1, 1, [A]]);
    whole.device.syncNow();
    await whole.transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect([unreadOf(whole), whole.unseen]).toEqual([1, [A]]);
    whole.transport.answers.open = () => detail("a", 12);
    await whole.device.views.openConversation(A);
    await settle();
    expect([unreadOf(whole), whole.device.conversations.unreadConversations()]).toEqual([0, 0]);
    expect(whole.transport.named("markRead").at(-1)).toMatchObject([A, { seq: 12 }]);
    whole.device.stop();
  });

  it("is a badge where a new chat, or nothing, is open", async () => {
    const whole = await sending();
    whole.device.views.closeConversation();
    await end(whole);
    expect([unreadOf(whole), whole.unseen]).toEqual([1, [A]]);
    whole.device.stop();
  });

  it("is a badge while the page is hidden, and read without a banner in the moment that it is shown", async () => {
    const whole = await sending();
    await whole.transport.stream.feed(...turn("a", 11, ["Hi"]).slice(0, 1));
    await whole.environment.emit("hide");
    expect(whole.transport.stream.isClosed).toBe(true);
    whole.transport.answers.open = () => detail("a", 12);
    await whole.environment.advance(2000);
    await end(whole);
    expect([unreadOf(whole), whole.device.conversations.unreadConversations(), whole.unseen]).toEqual([1, 1, [A]]);
    expect(whole.device.views.get(A)?.newMessages).toBe(0);
    await whole.environment.emit("show");
    await settle();
    expect([unreadOf(whole), whole.device.conversations.unreadConversations()]).toEqual([0, 0]);
    expect(whole.device.views.get(A)?.newMessages).toBe(0);
    expect(whole.transport.named("markRead").at(-1)).toMatchObject([A, { seq: 12 }]);
    whole.device.stop();
  });

  it("stays a badge where another conversation, or none, is opened while the page is hidden", async () => {
    for (const next of [B, null]) {
      const whole = await sending();
      await whole.transport.stream.feed(...turn("a", 11, ["Hi"]).slice(0, 1));
      await whole.environment.emit("hide");
      whole.transport.answers.open = (id) => (id === A ? detail("a", 12) : detail("b", 20));
      await whole.environment.advance(2000);
      await end(whole);
      if (next === null) whole.device.views.closeConversation();
      else await whole.device.views.openConversation(next);
      await whole.environment.emit("show");
      await settle();
      expect([unreadOf(whole), whole.device.conversations.unreadConversations()]).toEqual([1, 1]);
      whole.device.stop();
    }
  });

  it("is read at once, and the account's read position is left alone, where it is on screen", async () => {
    const whole = await sending();
    await end(whole);
    expect([unreadOf(whole), whole.device.conversations.unreadConversations(), whole.unseen]).toEqual([0, 0, []]);
    await whole.environment.emit("hide");
    expect(unreadOf(whole)).toBe(0);
    await whole.environment.emit("show");
    expect(whole.transport.named("markRead")).toEqual([]);
    whole.device.stop();
  });
});
