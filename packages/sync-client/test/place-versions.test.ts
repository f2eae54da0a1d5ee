/** Versions of a place on the device: what was replaced is told, and comes back without a false badge or banner [MSG-5]. */
import { expect, it } from "vitest";
import { explainUnread } from "../src/explain-unread.ts";
import { isFailure } from "../src/failure.ts";
import { idOf, increment, row } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice } from "./whole-device.ts";

const A = idOf("a");
const VERSION = "7c7c7c7c-0000-4000-8000-000000000001";
const REPLACED = { version_id: VERSION, message_count: 7 };

/** A device that has asked an early reply of its open conversation again; the turn has begun. */
async function askedAgain() {
  const replaced: unknown[] = [];
  const whole = await openDevice({ callbacks: { onReplaced: (...told) => void replaced.push(told) } });
  whole.transport.answers.open = () => detail("a", 10);
  await whole.device.views.openConversation(A);
  await whole.device.turns.askAgain(A, 4);
  await settle();
  whole.transport.answers.open = () => detail("a", 12);
  const [start, ...rest] = turn("a", 11, ["Hi"]);
  if (start?.event !== "start") throw new Error("A turn has no start");
  await whole.transport.stream.feed({ ...start, data: { ...start.data, replaced: REPLACED } });
  return { ...whole, replaced, rest };
}

it("[MSG-5] tells once what a turn of this tab has replaced", async () => {
  const { device, transport, replaced, rest } = await askedAgain();
  await transport.stream.feed(...rest);
  expect(replaced).toEqual([[A, REPLACED]]);
  device.stop();
});

it("[MSG-5] brings a version back with neither badge nor banner, whatever the sync says meanwhile", async () => {
  const { device, transport, environment, rest } = await askedAgain();
  await transport.stream.feed(...rest);
  const answered = Promise.withResolvers<unknown>();
  transport.answers.restoreVersion = () => answered.promise;
  const seen: unknown[] = [];
  const note = () => seen.push([device.conversations.get(A)?.unread, device.views.get(A)?.newMessages]);
  device.conversations.subscribe(A, note);
  device.views.subscribe(A, note);
  const back = device.versions.bringBack(A, VERSION);
  await settle();
  await environment.advance(60_000);
  await transport.last.answer(increment(120, [row("a", 10, { at: 120, last_seq: 19 })]));
  transport.answers.open = () => ({ ...detail("a", 10), last_seq: 19 });
  answered.resolve({ messages: [message("a", 19)], message_pagination: detail("a", 10).message_pagination });
  const asked = transport.asked.length;
  expect(await back).toBeUndefined();
  // Its row is the server's to tell, and asked for at once.
  expect(transport.asked).toHaveLength(asked + 1);
  note();
  expect(new Set(seen.map(String))).toEqual(new Set(["0,0"]));
  expect(transport.named("restoreVersion")).toMatchObject([[A, VERSION, 12]]);
  device.stop();
});

it("[MSG-5] stops the reply that runs first, and gives up where it can't be stopped in time", async () => {
  const { device, transport, environment } = await askedAgain();
  transport.answers.stopReply = () => NO_NETWORK;
  const back = device.versions.bringBack(A, VERSION);
  await environment.advance(6000);
  const result = await back;
  expect(isFailure(result) && result.failed).toBe("reply_running");
  expect(transport.named("restoreVersion")).toEqual([]);
  device.stop();
});

it("[MSG-5] [DEV-14] gives up as soon where the stop itself hangs", async () => {
  const { device, transport, environment } = await askedAgain();
  transport.answers.stopReply = () => new Promise(() => {});
  const back = device.versions.bringBack(A, VERSION);
  await environment.advance(6000);
  const ended = await Promise.race([back, Promise.resolve("not yet")]);
  expect(ended).toMatchObject({ failed: "reply_running" });
  device.stop();
});

it("[MSG-5] brings it back at once when the reply that was stopped has ended", async () => {
  const { device, transport, environment, rest } = await askedAgain();
  transport.answers.stopReply = () => ({});
  transport.answers.restoreVersion = () => ({ messages: [], message_pagination: detail("a", 12).message_pagination });
  const back = device.versions.bringBack(A, VERSION);
  await settle();
  expect(transport.named("restoreVersion")).toEqual([]);
  await transport.stream.feed(...rest);
  expect(await back).toBeUndefined();
  expect(transport.named("restoreVersion")).toHaveLength(1);
  device.stop();
  expect(environment.timerCount).toBe(0);
});

it("[MSG-5] [DEV-2] waits for no reply's end once the device is stopped, and leaves no timer", async () => {
  const { device, transport, environment } = await askedAgain();
  transport.answers.stopReply = () => NO_NETWORK;
  const back = device.versions.bringBack(A, VERSION);
  await settle();
  device.stop();
  await settle();
  expect(environment.timerCount).toBe(0);
  expect(isFailure(await back)).toBe(true);
  expect(transport.named("restoreVersion")).toEqual([]);
});

it("[MSG-5] brings a version back once however often it is pressed, and another one only after it", async () => {
  const { device, transport, rest } = await askedAgain();
  await transport.stream.feed(...rest);
  const answered = Promise.withResolvers<unknown>();
  transport.answers.restoreVersion = () => answered.promise;
  const other = VERSION.replace(/1$/, "2");
  const backs = [VERSION, VERSION, other].map((version) => device.versions.bringBack(A, version));
  await settle();
  expect(transport.named("restoreVersion").map(([, version]) => version)).toEqual([VERSION]);
  answered.resolve({ messages: [], message_pagination: detail("a", 12).message_pagination });
  expect(await Promise.all(backs)).toEqual([undefined, undefined, undefined]);
  expect(transport.named("restoreVersion").map(([, version]) => version)).toEqual([VERSION, other]);
  expect(await device.versions.bringBack(A, VERSION)).toBeUndefined();
  expect(transport.named("restoreVersion")).toHaveLength(3);
  device.stop();
});

it("[MSG-5] leaves everything as it is where the server refuses", async () => {
  const { device, transport, rest } = await askedAgain();
  await transport.stream.feed(...rest);
  const before = device.views.get(A)?.messages;
  const opened = transport.named("open").length;
  expect(isFailure(await device.versions.bringBack(A, VERSION))).toBe(true);
  expect(device.views.get(A)?.messages).toBe(before);
  expect(transport.named("open")).toHaveLength(opened);
  expect(device.conversations.get(A)?.isGenerating).toBe(false);
  device.stop();
});

it("[MSG-5] [SAFE-2] reads a place's versions page by page; one that goes on in the next page is one", async () => {
  const { device, transport } = await openDevice();
  const part = (version: string, ...seqs: number[]) => ({
    version_id: version,
    replaced_at: "2026-01-01T12:00:00.000000Z",
    messages: seqs.map((seq) => message("a", seq)),
  });
  const pages = [
    { versions: [part("v1", 1), part("v2", 2, 3)], next_cursor: "more" },
    { versions: [part("v2", 4)], next_cursor: "most" },
    { versions: [part("v2", 5), part("v3", 6)] },
  ];
  transport.answers.versions = (...[, , cursor]: unknown[]) => pages[[null, "more", "most"].indexOf(cursor as string)];
  expect(await device.versions.list(A, 7)).toEqual([part("v1", 1), part("v2", 2, 3, 4, 5), part("v3", 6)]);
  expect(transport.named("versions").map(([, , cursor]) => cursor)).toEqual([null, "more", "most"]);
  transport.answers.versions = (...[, , cursor]: unknown[]) => (cursor === null ? pages[0] : NO_NETWORK);
  expect(isFailure(await device.versions.list(A, 7))).toBe(true);
  device.stop();
});

/** The other device's row, and this tab has seen it: it is on screen here. */
async function writtenElsewhere({ device, transport }: Awaited<ReturnType<typeof askedAgain>>, lastSeq: number) {
  await transport.last.answer(increment(130, [row("a", lastSeq, { at: 130, last_seq: lastSeq })]));
  transport.answers.open = () => detail("a", lastSeq);
  transport.answers.messages = () => ({
    messages: [message("a", lastSeq)],
    message_pagination: { ...detail("a", lastSeq).message_pagination, total_count: lastSeq },
  });
  await device.views.openConversation(A);
  await settle();
}

it("[MSG-5] an undo takes back its own turn: what came after it, seen here or not, is no part of it", async () => {
  const whole = await askedAgain();
  const { device, transport, rest } = whole;
  await transport.stream.feed(...rest);
  await writtenElsewhere(whole, 14);
  await device.versions.undo(A, VERSION);
  expect(transport.named("restoreVersion")).toEqual([[A, VERSION, 12]]);
  // Whoever brings a version back from its place sees what stands there.
  await device.versions.bringBack(A, VERSION);
  expect(transport.named("restoreVersion").at(-1)).toEqual([A, VERSION, 14]);
  device.stop();
});

it("[MSG-5] an undo of a turn that brought everything back by itself asks for nothing", async () => {
  const { device, transport, rest } = await askedAgain();
  const done = rest.at(-1);
  if (done?.event !== "done") throw new Error("A turn has no end");
  await transport.stream.feed(...rest.slice(0, -1), { ...done, data: { ...done.data, last_seq: 18, brought_back: 7 } });
  expect(await device.versions.undo(A, VERSION)).toBeUndefined();
  expect(transport.named("restoreVersion")).toEqual([]);
  device.stop();
});

it("[MSG-5] [DEV-4] a turn that begins while a version comes back keeps syncs away until its own end", async () => {
  const { device, transport, environment, rest } = await askedAgain();
  await transport.stream.feed(...rest);
  const answered = Promise.withResolvers<unknown>();
  transport.answers.restoreVersion = () => answered.promise;
  const back = device.versions.bringBack(A, VERSION);
  await settle();
  await device.turns.send(A, "And now?");
  await settle();
  answered.resolve({ messages: [], message_pagination: detail("a", 12).message_pagination });
  await back;
  const own = turn("a", 13, ["Well"]);
  await transport.stream.feed(...own.slice(0, -1));
  await environment.advance(60_000);
  await transport.last.answer(increment(120, [row("a", 14, { at: 120, last_seq: 14 })]));
  expect(device.views.get(A)?.newMessages).toBe(0);
  expect(device.conversations.get(A)?.unread).toBe(0);
  expect(explainUnread(device.sync.store, A)?.reason).not.toBe("new-messages");
  device.stop();
});
