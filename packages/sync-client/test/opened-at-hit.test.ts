/** A conversation that is opened at a message that a search found: shown there, and everything else as ever. */
import type { MessagePage } from "@instep/protocol";
import { expect, it } from "vitest";
import { INTERVAL_MS } from "./device-fixture.ts";
import { idOf, increment, row } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, type WholeDevice } from "./whole-device.ts";

const [A, B] = [idOf("a"), idOf("b")];

type Question = { readonly around?: number; readonly before?: string; readonly after?: number };

/** Pages of ten out of a hundred messages, as the server gives them. */
function answer(_id: unknown, { around, before, after }: Question): MessagePage {
  const first = around === undefined ? (before === undefined ? (after ?? 0) + 1 : Number(before) - 10) : around - 5;
  const from = Math.max(1, first);
  const to = Math.min(100, from + 9);
  const messages = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => message("a", from + index));
  const older = { has_older: from > 1, older_cursor: from > 1 ? String(from) : null };
  return {
    messages,
    message_pagination: {
      total_count: 100,
      last_seq: 100,
      ...older,
      has_newer: to < 100,
      newer_cursor: to < 100 ? String(to) : null,
    },
  };
}

async function withHundred(): Promise<WholeDevice> {
  const whole = await openDevice();
  whole.transport.answers.open = () => detail("a", 100, { loaded: 10 });
  whole.transport.answers.messages = answer;
  return whole;
}

const viewOf = ({ device }: WholeDevice) => device.views.get(A);
const seqsOf = (whole: WholeDevice): number[] => viewOf(whole)?.messages.map(({ seq }) => seq) ?? [];
const run = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

it("shows the message with what stands around it, and pages both ways until it joins on to the newest", async () => {
  const whole = await withHundred();
  await whole.device.views.openConversation(A, 50);
  expect(seqsOf(whole)).toEqual(run(45, 54));
  expect(viewOf(whole)).toMatchObject({ phase: "ready", hasOlder: true, hasLater: true, found: { seq: 50 } });
  await whole.device.views.loadOlder(A);
  await whole.device.views.loadLater(A);
  expect(seqsOf(whole)).toEqual(run(35, 64));
  for (let page = 0; page < 3; page++) await whole.device.views.loadLater(A);
  expect(seqsOf(whole)).toEqual(run(35, 100));
  expect(viewOf(whole)).toMatchObject({ hasLater: false, hasOlder: true, found: { seq: 50 } });
  await whole.device.views.loadLater(A);
  expect(whole.transport.named("messages")).toHaveLength(6);
  whole.device.stop();
});

it("[DEV-6] is read as any conversation that is opened, and what comes later is a banner, exactly", async () => {
  const whole = await withHundred();
  const { device, transport, environment } = whole;
  await device.views.openConversation(A, 20);
  expect(device.conversations.get(A)?.unread).toBe(0);
  expect(viewOf(whole)?.newMessages).toBe(0);
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(211, [row("a", 102, { at: 211 })]));
  expect(viewOf(whole)?.newMessages).toBe(2);
  expect(seqsOf(whole)).toEqual(run(15, 24));
  transport.answers.messages = (_id: unknown, { after = 0 }: Question) => ({
    messages: run(after + 1, 102).map((seq) => message("a", seq)),
    message_pagination: detail("a", 102).message_pagination,
  });
  // The banner's click goes to what is new, and shows it on to the end.
  expect(await device.views.loadNewer(A)).toBe(101);
  expect(seqsOf(whole)).toEqual(run(91, 102));
  expect(viewOf(whole)).toMatchObject({ newMessages: 0, hasLater: false, found: null, firstNewSeq: 101 });
  device.stop();
});

it("goes to the end when asked, with a send, and when it is opened again without a message", async () => {
  const whole = await withHundred();
  const { device } = whole;
  const leave: (() => unknown)[] = [
    () => device.views.showLatest(A),
    () => device.turns.send(A, "On from here"),
    async () => {
      await device.views.openConversation(B);
      await device.views.openConversation(A);
    },
  ];
  for (const leaves of leave) {
    await device.views.openConversation(A, 50);
    expect(seqsOf(whole)).toEqual(run(45, 54));
    await leaves();
    await settle();
    expect(seqsOf(whole)).toEqual(run(91, 100));
    expect(viewOf(whole)).toMatchObject({ hasLater: false, found: null });
  }
  device.stop();
});

it("shows it though the newest messages are there from an earlier visit alone, and the server's come only later", async () => {
  const whole = await withHundred();
  await whole.localStore.saveMessages(
    A,
    run(91, 100).map((seq) => message("a", seq)),
  );
  let open: (page: unknown) => void = () => {};
  whole.transport.answers.open = () => new Promise((resolve) => (open = resolve));
  let come: () => void = () => {};
  whole.transport.answers.messages = (...asked: Parameters<typeof answer>) =>
    new Promise((resolve) => (come = () => resolve(answer(...asked))));
  void whole.device.views.openConversation(A, 50);
  await settle();
  come();
  await settle();
  expect(seqsOf(whole)).toEqual(run(45, 54));
  open(detail("a", 100, { loaded: 10 }));
  await settle();
  expect(seqsOf(whole)).toEqual(run(45, 54));
  whole.device.stop();
});

it("keeps on the device only what is newest", async () => {
  const whole = await withHundred();
  await whole.device.views.openConversation(A, 50);
  await whole.device.views.loadOlder(A);
  const stored = await whole.localStore.loadMessages(A);
  expect(stored?.map(({ seq }) => seq)).toEqual(run(91, 100));
  whole.device.stop();
});

it("shows another message of the open conversation without loading it anew", async () => {
  const whole = await withHundred();
  await whole.device.views.openConversation(A);
  await whole.device.views.openConversation(A, 30);
  const first = viewOf(whole)?.found;
  await whole.device.views.openConversation(A, 30);
  expect(viewOf(whole)?.found).not.toBe(first);
  expect(seqsOf(whole)).toEqual(run(25, 34));
  expect(whole.transport.named("open")).toHaveLength(1);
  whole.device.stop();
});

it("an answer that is late changes nothing: another message was looked for, or one has gone on", async () => {
  const whole = await withHundred();
  const { device, transport } = whole;
  await device.views.openConversation(A);
  const { promise, resolve } = Promise.withResolvers<MessagePage>();
  transport.answers.messages = () => promise;
  const late = device.views.openConversation(A, 20);
  transport.answers.messages = answer;
  await device.views.openConversation(A, 60);
  resolve(answer(A, { around: 20 }));
  await late;
  expect(seqsOf(whole)).toEqual(run(55, 64));

  const gone = Promise.withResolvers<MessagePage>();
  transport.answers.messages = () => gone.promise;
  const opening = device.views.openConversation(A, 20);
  expect(viewOf(whole)).toMatchObject({ phase: "loading", messages: [] });
  await device.views.openConversation(B);
  gone.resolve(answer(A, { around: 20 }));
  await opening;
  expect(seqsOf(whole)).toEqual(run(91, 100));
  expect(viewOf(whole)?.found).toBeNull();
  device.stop();
});

it("shows the end where the message can't be loaded, and tells what follows that can't, to be asked again", async () => {
  const whole = await withHundred();
  const { device, transport } = whole;
  transport.answers.messages = () => NO_NETWORK;
  await device.views.openConversation(A, 20);
  expect(seqsOf(whole)).toEqual(run(91, 100));
  expect(viewOf(whole)).toMatchObject({ phase: "ready", found: null, hasLater: false });
  transport.answers.messages = answer;
  await device.views.openConversation(A, 20);
  transport.answers.messages = () => NO_NETWORK;
  await device.views.loadLater(A);
  await device.views.loadOlder(A);
  const failed = { isLoadingLater: false, laterProblem: NO_NETWORK, isLoadingOlder: false, problem: NO_NETWORK };
  expect(viewOf(whole)).toMatchObject(failed);
  transport.answers.messages = answer;
  await device.views.loadLater(A);
  await device.views.loadOlder(A);
  expect(seqsOf(whole)).toEqual(run(5, 34));
  expect(viewOf(whole)).toMatchObject({ laterProblem: null, problem: null });
  device.stop();
});

it("asks once for what follows, however often it is wanted", async () => {
  const whole = await withHundred();
  await whole.device.views.openConversation(A, 20);
  const before = whole.transport.named("messages").length;
  await Promise.all([1, 2, 3].map(() => whole.device.views.loadLater(A)));
  expect(whole.transport.named("messages")).toHaveLength(before + 1);
  expect(seqsOf(whole)).toEqual(run(15, 34));
  whole.device.stop();
});

it("a message that is only shown there can be asked again, and what follows it goes from there too [MSG-3]", async () => {
  const whole = await withHundred();
  const { device, transport } = whole;
  await device.views.openConversation(A, 20);
  await device.turns.askAgain(A, 21);
  await settle();
  expect(transport.named("sendStream")[0]?.[1]).toMatchObject({ replace_from_seq: 21 });
  // One looks at what was found again before the server has begun.
  await device.views.openConversation(A, 20);
  expect(seqsOf(whole)).toEqual(run(15, 24));
  await transport.stream.feed(...turn("a", 101, ["Anew"]).slice(0, 1));
  expect(seqsOf(whole).filter((seq) => seq > 20 && seq < 101)).toEqual([]);
  device.stop();
});

it("a page of what follows that is late changes nothing, and past the end nothing is asked", async () => {
  const whole = await withHundred();
  const { device, transport } = whole;
  await device.views.openConversation(A, 60);
  const late = Promise.withResolvers<MessagePage>();
  transport.answers.messages = () => late.promise;
  const loading = device.views.loadLater(A);
  transport.answers.messages = answer;
  await device.views.openConversation(A, 20);
  late.resolve(answer(A, { after: 64 }));
  await loading;
  expect(seqsOf(whole)).toEqual(run(15, 24));
  const ended = { has_older: true, older_cursor: "65", has_newer: false, newer_cursor: null };
  transport.answers.messages = () => ({ messages: [], message_pagination: { total_count: 100, ...ended } });
  await device.views.loadLater(A);
  const asked = transport.named("messages").length;
  await device.views.loadLater(A);
  expect(transport.named("messages")).toHaveLength(asked);
  device.stop();
});
