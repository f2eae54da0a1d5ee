/** What another version has left in the outbox that tabs share: it is left alone there, and holds up nothing [DEV-14]. */
import { expect, it } from "vitest";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import type { Outgoing } from "../src/outbox/outbox.ts";
import { full, idOf, row } from "./scripted-server.ts";
import { summary } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { wholeDevice } from "./whole-device.ts";

const A = idOf("a");
const CHANGE = { kind: "change", order: 1, conversationId: A, state: "waiting" } as const;
const SEND = { kind: "send", order: 1, conversationId: A, state: "waiting", text: "Hi", mode: "stream" } as const;

it.each([
  ["a kind of entry", { ...CHANGE, kind: "note", text: "?" }],
  ["a kind of change", { ...CHANGE, change: { key: "colour", value: "red" } }],
  ["a change's value", { ...CHANGE, change: { key: "title", value: { en: "?" } } }],
  ["a way of sending", { ...SEND, mode: "carrier pigeon" }],
  ["a state", { ...SEND, state: "planned" }],
  ["a text", { ...SEND, text: ["Hi"] }],
])(
  "[DEV-14] %s that this version doesn't know stays where it is, and what waits beside it goes out",
  async (_, entry) => {
    const localStore = memoryLocalStore();
    const foreign = { ...entry, id: "foreign" } as unknown as Outgoing;
    await localStore.saveOutgoing([foreign, ...MANY], []);
    const { device, transport } = wholeDevice({ localStore });
    transport.answers.patch = () => summary("a", 10, { title: "Mine" });
    await device.start();
    await settle();
    await transport.last.answer(full(100, [row("a", 10), row("b", 10)]));
    expect(transport.named("patch")).toHaveLength(MANY.length);
    expect(transport.named("sendStream")).toEqual([]);
    expect(device.conversations.list()).toEqual([A, idOf("b")]);
    expect(device.status().waitingCount).toBe(0);
    expect(await localStore.loadOutbox()).toEqual([foreign]);
    device.stop();
  },
);

const MANY: readonly Outgoing[] = Array.from({ length: 3 }, (_, index) => ({
  ...CHANGE,
  id: `own-${index}`,
  order: index + 2,
  conversationId: idOf("b"),
  change: { key: "title", value: "Mine" },
}));
