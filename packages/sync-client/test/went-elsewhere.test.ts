/** What was written in this tab and left from another one, or arrived though it was refused here: it is looked up, however long that takes. */
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, summary } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, type WholeDevice } from "./whole-device.ts";
import { waitingIn } from "./waiting-in.ts";

const A = idOf("a");

function pageTo(last: number, own: Readonly<Record<number, string>>) {
  const messages = [11, 12].filter((seq) => seq <= last);
  return {
    messages: messages.map((seq) => message("a", seq, own[seq] === undefined ? {} : { client_message_id: own[seq] })),
    message_pagination: detail("a", last).message_pagination,
  };
}

describe("[DEV-5] a send that another tab has taken over", () => {
  /** A device whose send waits, and which hears that another tab has sent it. */
  async function takenOver(answer: (sendId: string) => unknown): Promise<WholeDevice> {
    const localStore = memoryLocalStore();
    const openTab = memoryTabs();
    const whole = await openDevice({ localStore, tabs: openTab() });
    whole.transport.refusals = [NO_NETWORK];
    await whole.device.turns.send(A, "message 11");
    await settle();
    const [entry] = await waitingIn(localStore);
    const sendId = entry?.id ?? "";
    await localStore.saveOutgoing([], [sendId]);
    whole.transport.answers.messages = () => answer(sendId);
    openTab().tell({ kind: "outbox" });
    await settle();
    return whole;
  }

  const answers: readonly [string, (sendId: string) => unknown, number][] = [
    ["has it, with its reply", (sendId) => pageTo(12, { 11: sendId }), 3],
    ["has nothing of it", () => pageTo(10, {}), 4],
    ["refuses to say", () => ({ ...failure("forbidden", "No."), status: 403 }), 4],
  ];

  it.each(answers)(
    "is asked for, and its conversation shows what comes, once the server %s",
    async (_, answer, unread) => {
      const { device, transport, environment } = await takenOver(answer);
      await environment.advance(INTERVAL_MS);
      await transport.last.answer(increment(114, [row("a", 14, { at: 114 })]));
      expect(device.conversations.get(A)).toMatchObject({ message_count: 14, unread });
      device.stop();
    },
  );

  it("is asked for again with the next answer where the server couldn't be reached, and is no news until then", async () => {
    let isReachable = false;
    const { device, transport, environment } = await takenOver((sendId) =>
      isReachable ? pageTo(12, { 11: sendId }) : NO_NETWORK,
    );
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect(device.conversations.get(A)?.unread).toBe(0);
    isReachable = true;
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(113));
    expect(device.conversations.get(A)).toMatchObject({ message_count: 12, unread: 1 });
    device.stop();
  });
});

describe("[DEV-14] a send that was refused here and has arrived all the same", () => {
  it("is looked for again with the next answer where looking for it failed, and asked for no more once it is found", async () => {
    const localStore = memoryLocalStore();
    const { device, transport, environment } = await openDevice({ localStore });
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.refusals = [{ ...failure("bad_answer", "Too much."), status: 413 }];
    await device.turns.send(A, "message 11");
    await settle();
    const sendId = (await waitingIn(localStore))[0]?.id ?? "";
    transport.answers.messages = () => NO_NETWORK;
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect(device.outbox.stateOf(A)).toBe("rejected");
    transport.answers.messages = () => pageTo(12, { 11: sendId });
    transport.answers.open = () => detail("a", 12);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(113));
    expect(device.outbox.stateOf(A)).toBeNull();
    // It stands where it was sent, and doesn't wait in the banner.
    expect(device.views.get(A)).toMatchObject({ pending: [], newMessages: 0 });
    expect(device.views.get(A)?.messages.at(-1)?.seq).toBe(12);
    const asked = transport.named("messages").length;
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(114, [row("a", 13, { at: 114 })]));
    expect(transport.named("messages")).toHaveLength(asked);
    device.stop();
  });
});

it("[DEV-12] a send that was refused here, and that another tab has given up unheard, is gone with the next answer", async () => {
  const localStore = memoryLocalStore();
  const { device, transport, environment } = await openDevice({ localStore });
  transport.refusals = [{ ...failure("bad_answer", "Too much."), status: 413 }];
  await device.turns.send(A, "message 11");
  await settle();
  expect(device.outbox.stateOf(A)).toBe("rejected");
  await localStore.saveOutgoing([], [(await waitingIn(localStore))[0]?.id ?? ""]);
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(101));
  await settle();
  expect(device.outbox.stateOf(A)).toBeNull();
  device.stop();
});

it("[DEV-8] what the server names as deleted goes from the store, also where another tab has put it there unheard", async () => {
  const localStore = memoryLocalStore();
  const { device, transport, environment } = await openDevice({ localStore });
  const strange = { row: summary("d", 4), baseline: { count: 4, seq: 4, skipped: 0 } };
  await localStore.saveSeen([strange], { serverTime: tick(100), epoch: "e1" });
  const stored = async () => (await localStore.loadList())?.conversations.map((each) => each.row.id);
  expect(await stored()).toContain(idOf("d"));
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(110, [], [idOf("d")]));
  await settle();
  expect(await stored()).not.toContain(idOf("d"));
  device.stop();
});

it("[DEV-12] a message that another tab takes back while its chat is still being made is not sent", async () => {
  const localStore = memoryLocalStore();
  const openTab = memoryTabs();
  const { device, transport } = await openDevice({ localStore, tabs: openTab() });
  let make: (made: unknown) => void = () => {};
  transport.answers.create = () => new Promise((resolve) => (make = resolve));
  const id = await device.turns.send(device.actions.createDraft(), "message 1");
  await settle();
  openTab().tell({ kind: "refused", operationId: (await waitingIn(localStore))[0]?.id ?? "" });
  await settle();
  make(summary("n", 0, { id }));
  await settle();
  expect(transport.named("create")).toHaveLength(1);
  expect([...transport.named("sendStream"), ...transport.streams]).toEqual([]);
  expect(device.views.get(id)?.reply ?? null).toBeNull();
  device.stop();
});
