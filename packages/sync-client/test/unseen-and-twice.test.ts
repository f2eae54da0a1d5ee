/** What nobody has seen is not read, what stands there stands there once, and what waits says nothing of a history that it was not written in. */
import type { MessagePage } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { full, idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, summary, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice } from "./whole-device.ts";
import { waitingIn } from "./waiting-in.ts";

const A = idOf("a");
const said = (time: number, epoch = "e1") => ({ server_time: tick(time), epoch });

describe("[DEV-9] a reply", () => {
  it("stands there once, where it is loaded before its stream has told its end", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => ({ ...detail("a", 10), ...said(100) });
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11");
    await settle();
    const [start, token, done] = turn("a", 11, ["Hi"]);
    await transport.stream.feed(start ?? null, token ?? null);
    // The connection is dead, which nobody has noticed; meanwhile one looks elsewhere and comes back.
    device.views.closeConversation();
    transport.answers.open = () => ({ ...detail("a", 12), ...said(112) });
    await device.views.openConversation(A);
    const view = device.views.get(A);
    expect(view?.messages.at(-1)?.seq).toBe(12);
    expect(view?.reply).toBeNull();
    await transport.stream.feed(done ?? null);
    expect(device.views.get(A)).toMatchObject({ reply: null, newMessages: 0 });
    device.stop();
  });
});

describe("[DEV-3] [DEV-5] on a hidden page", () => {
  it("nothing is read that is fetched there because a send is refused", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.open = () => ({ ...detail("a", 10), ...said(100) });
    transport.answers.markRead = () => summary("a", 12, said(200));
    await device.views.openConversation(A);
    transport.refusals = [{ ...failure("stale_conversation", "There is more."), status: 409 }];
    transport.answers.messages = () => ({
      messages: [message("a", 11), message("a", 12)],
      message_pagination: { ...detail("a", 12).message_pagination, last_seq: 12 },
      ...said(112),
    });
    const sent = device.turns.send(A, "message 11");
    await environment.emit("hide");
    await sent;
    await settle();
    expect(device.views.get(A)?.pending).toMatchObject([{ state: "rejected" }]);
    expect(device.views.get(A)?.messages.at(-1)?.seq).toBe(12);
    expect(transport.named("markRead")).toEqual([]);
    await environment.emit("show");
    await settle();
    expect(transport.named("markRead").at(-1)).toMatchObject([A, { seq: 12 }]);
    device.stop();
  });
});

describe("[DEV-5] sends that another tab has taken over", () => {
  it("are looked up all, though one of them goes while another is asked about", async () => {
    const localStore = memoryLocalStore();
    const openTab = memoryTabs();
    const { device, transport, environment } = await openDevice({ localStore, tabs: openTab() });
    transport.refusals = [NO_NETWORK, NO_NETWORK];
    await device.turns.send(A, "message 11");
    await device.turns.send(A, "message 13");
    await settle();
    const [one, two] = (await waitingIn(localStore)).map(({ id }) => id);
    const sendIds = new Map([
      [11, one ?? ""],
      [13, two ?? ""],
    ]);
    const page = (last: number): MessagePage => ({
      messages: [11, 12, 13, 14]
        .filter((seq) => seq <= last)
        .map((seq) => message("a", seq, { client_message_id: sendIds.get(seq) ?? `of ${seq}` })),
      message_pagination: { ...detail("a", last).message_pagination, last_seq: last },
      ...said(100 + last),
    });
    const late = Promise.withResolvers<MessagePage>();
    transport.answers.messages = () => late.promise;
    const other = openTab();
    await localStore.saveOutgoing([], [one ?? ""]);
    other.tell({ kind: "outbox" });
    await settle();
    await localStore.saveOutgoing([], [two ?? ""]);
    other.tell({ kind: "outbox" });
    await settle();
    transport.answers.messages = () => page(14);
    late.resolve(page(12));
    await settle();
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(114, [row("a", 14, { at: 114 })]));
    await settle();
    // Both questions are one's own; the reply to the last one was not on screen.
    expect(device.conversations.get(A)?.unread).toBe(1);
    device.stop();
  });
});

describe("[EPOCH-1] what waits here when history is rewound", () => {
  it("reads nothing of the present one that nobody has seen", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.open = () => ({ ...detail("a", 10), ...said(100) });
    transport.answers.markRead = () => NO_NETWORK;
    await device.views.openConversation(A);
    void device.actions.markRead(A);
    await settle();
    device.views.closeConversation();
    await environment.advance(INTERVAL_MS);
    await transport.last.answer({ ...full(50, [row("a", 4)]), epoch: "e2" });
    device.syncNow();
    await transport.last.answer({ ...increment(60, [row("a", 10, { at: 60 })]), epoch: "e2" });
    expect(device.conversations.get(A)?.unread).toBe(6);
    const before = transport.named("markRead").length;
    transport.answers.markRead = () => summary("a", 10, said(61, "e2"));
    await environment.advance(INTERVAL_MS);
    const read = transport
      .named("markRead")
      .slice(before)
      .map(([, position]) => (position as { seq?: number }).seq ?? 0);
    expect(Math.max(0, ...read)).toBeLessThanOrEqual(4);
    device.stop();
  });

  it("replaces nothing of the present one that nobody has seen", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.open = () => ({ ...detail("a", 10), ...said(100) });
    await device.views.openConversation(A);
    transport.refusals = [NO_NETWORK];
    await device.turns.askAgain(A, 10);
    await settle();
    device.views.closeConversation();
    transport.refusals = [NO_NETWORK, NO_NETWORK, NO_NETWORK, NO_NETWORK, NO_NETWORK];
    void device.sync.incrementalSync();
    await transport.last.answer({ ...full(50, [row("a", 4)]), epoch: "e2" });
    void device.sync.incrementalSync();
    // As many messages again, others, by another device.
    await transport.last.answer({ ...increment(60, [row("a", 10, { at: 60 })]), epoch: "e2" });
    transport.refusals = [];
    const before = transport.named("sendStream").length;
    await environment.advance(INTERVAL_MS);
    const sent = transport
      .named("sendStream")
      .slice(before)
      .map(([, send]) => send);
    expect(sent).toEqual([]);
    expect(device.outbox.stateOf(A)).toBe("rejected");
    device.stop();
  });
});
