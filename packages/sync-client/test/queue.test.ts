/** Messages that are written while a reply runs: they wait for its end, and go out in their order [DEV-12]. */
import type { Send, TurnEvent } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { noTabs } from "../src/tabs/tabs.ts";
import { idOf, increment, row } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, ScriptedStream, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, type WholeDevice, wholeDevice } from "./whole-device.ts";

const A = idOf("a");
const BUSY = { ...failure("reply_running", "A reply is being written."), status: 409 };

/** What the server took of conversation A, from any tab: one reply at a time. */
class Replies {
  readonly taken: string[] = [];
  readonly #sentBy = new Map<string, string>();
  #stream: ScriptedStream | null = null;
  #lastSeq = 10;

  serve({ transport }: WholeDevice): void {
    transport.answers.open = () => detail("a", this.#lastSeq, { loaded: 10 });
    transport.sendStream = async (_id, send: Send) => {
      if (this.#stream) return BUSY;
      this.taken.push(send.message ?? "");
      this.#sentBy.set(send.message ?? "", send.client_message_id);
      this.#stream = new ScriptedStream();
      const [start] = this.#events();
      if (start) void this.#stream.feed(start);
      return this.#stream;
    };
  }

  /** Ends the reply that runs. */
  async end(how: "done" | "stopped" | "failed"): Promise<void> {
    const stream = this.#stream;
    const [, token, done] = this.#events();
    if (!stream || !token || done?.event !== "done") throw new Error("no reply runs");
    const { message: reply, ...counts } = done.data;
    this.#stream = null;
    this.#lastSeq += 2;
    const error = { code: "model_unreachable", detail: "gone", retryable: true } as const;
    const data = { ...error, message: { ...reply, status: "failed" as const }, ...counts };
    if (how === "failed") await stream.feed(token, { id: 3, event: "error", data });
    else if (how === "done") await stream.feed(token, done);
    else await stream.feed(token, { ...done, data: { ...done.data, message: { ...reply, status: "stopped" } } });
    await settle();
  }

  #events(): TurnEvent[] {
    const [start, ...rest] = turn("a", this.#lastSeq + 1, ["Hi"]);
    if (start?.event !== "start") return [];
    const text = this.taken.at(-1) ?? "";
    const user = { ...start.data.user_message, content: text, client_message_id: this.#sentBy.get(text) ?? "" };
    return [{ ...start, data: { ...start.data, user_message: user } }, ...rest];
  }
}

/** A device with A on screen, and the server's side of it. */
async function openQueue(options: Parameters<typeof openDevice>[0] = {}, replies = new Replies()) {
  const whole = await openDevice(options);
  replies.serve(whole);
  await whole.device.views.openConversation(A);
  return { ...whole, replies };
}

const states = ({ device }: Pick<WholeDevice, "device">): string[] =>
  (device.views.get(A)?.pending ?? []).map(({ text, state }) => `${text} ${state}`);

describe("[DEV-12] what is written while a reply runs", () => {
  it.each(["done", "stopped", "failed"] as const)(
    "waits for its end, %s, and goes out one by one in its order",
    async (how) => {
      const { device, replies } = await openQueue();
      for (const text of ["first", "second", "third"]) {
        await device.turns.send(A, text);
        await settle();
      }
      expect([replies.taken, states({ device })]).toEqual([["first"], ["second queued", "third queued"]]);
      await replies.end(how);
      expect([replies.taken, states({ device })]).toEqual([["first", "second"], ["third queued"]]);
      await replies.end(how);
      await replies.end(how);
      expect([replies.taken, states({ device })]).toEqual([["first", "second", "third"], []]);
      expect(
        device.views
          .get(A)
          ?.messages.slice(-6)
          .map(({ seq }) => seq),
      ).toEqual([11, 12, 13, 14, 15, 16]);
      expect(device.conversations.get(A)).toMatchObject({ message_count: 16, unread: 0, isGenerating: false });
      device.stop();
    },
  );

  it("is guarded by nothing that its writer could not have seen [TURN-7]", async () => {
    const { device, replies, transport } = await openQueue();
    const sent: Send[] = [];
    const { sendStream } = transport;
    transport.sendStream = (id, send, signal) => {
      sent.push(send);
      return sendStream(id, send, signal);
    };
    await device.turns.send(A, "first");
    await settle();
    await device.turns.send(A, "second");
    await replies.end("done");
    expect(sent.map((send) => send.expected_last_seq)).toEqual([10, undefined]);
    device.stop();
  });

  it("is no failure where another device's reply runs: it stays queued while the server is asked again, and goes at its end", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.refusals = [BUSY];
    await device.turns.send(A, "mine");
    await settle();
    expect(states({ device })).toEqual(["mine queued"]);
    const answers: (() => void)[] = [];
    transport.sendStream = () => new Promise((resolve) => answers.push(() => resolve(BUSY)));
    await environment.advance(5000);
    expect([answers.length, states({ device })]).toEqual([1, ["mine queued"]]);
    answers[0]?.();
    await settle();
    expect(states({ device })).toEqual(["mine queued"]);
    void device.sync.incrementalSync();
    await transport.last.answer(increment(112, [row("a", 12, { at: 112, active_reply_id: message("a", 13).id })]));
    const before = answers.length;
    void device.sync.incrementalSync();
    await transport.last.answer(increment(113, [row("a", 13, { at: 113 })]));
    expect(answers.length).toBe(before + 1);
    device.stop();
  });

  it("is appended to what another device's turn leaves, of which the list has told already [TURN-7]", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    void device.sync.incrementalSync();
    await transport.last.answer(increment(112, [row("a", 11, { at: 112, active_reply_id: message("a", 12).id })]));
    transport.refusals = [BUSY];
    await device.turns.send(A, "mine");
    await settle();
    expect(states({ device })).toEqual(["mine queued"]);
    const [[, send] = []] = transport.named("sendStream");
    expect(send).not.toHaveProperty("expected_last_seq");
    device.stop();
  });

  it("waits as ever where the network, and no reply, is in its way", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.refusals = [NO_NETWORK];
    await device.turns.send(A, "one");
    await device.turns.send(A, "two");
    await settle();
    expect(states({ device })).toEqual(["one waiting", "two waiting"]);
    device.stop();
  });
});

describe("[DEV-12] a queue over a reload", () => {
  it("is there again under the reply, which is seen to grow, and goes out once at its end", async () => {
    const localStore = memoryLocalStore();
    const first = await openQueue({ localStore });
    await first.device.turns.send(A, "first");
    await settle();
    await first.device.turns.send(A, "second");
    await settle();
    first.device.stop();
    const second = wholeDevice({ localStore });
    const active_reply = { reply_id: message("a", 12).id, text: "one ", last_event_id: 2 };
    second.transport.answers.open = () => ({ ...detail("a", 11), active_reply });
    const tries: (() => void)[] = [];
    second.transport.sendStream = () => new Promise((resolve) => tries.push(() => resolve(BUSY)));
    await second.device.start();
    await settle();
    await second.device.views.openConversation(A);
    tries[0]?.();
    await settle();
    expect(states(second)).toEqual(["second queued"]);
    expect(second.device.views.get(A)?.reply).toMatchObject({ text: "one ", isOwn: false });
    await second.environment.advance(20_000);
    expect(tries).toHaveLength(1);
    await second.transport.stream.feed(...turn("a", 11, ["one ", "two"]).slice(2));
    expect(tries).toHaveLength(2);
    second.device.stop();
  });
});

describe("[DEV-12] a queue that two tabs write", () => {
  async function twoTabs() {
    const [openTab, localStore, replies] = [memoryTabs(), memoryLocalStore(), new Replies()];
    const one = await openQueue({ localStore, tabs: openTab() }, replies);
    const other = await openQueue({ localStore, tabs: openTab(), environment: one.environment }, replies);
    return { one, other, replies, localStore };
  }

  it("goes out in the order of its writing, each message once, whichever tab does it", async () => {
    const { one, other, replies } = await twoTabs();
    for (const [tab, text] of [
      [one, "1"],
      [other, "2"],
      [one, "3"],
      [other, "4"],
    ] as const) {
      await tab.device.turns.send(A, text);
      await one.environment.advance(10);
    }
    for (let index = 0; index < 4; index++) {
      await replies.end("done");
      await one.environment.advance(6000);
    }
    expect(replies.taken).toEqual(["1", "2", "3", "4"]);
    for (const { device } of [one, other]) device.stop();
  });

  it("gives a message back to one of them only, and never once it is on its way", async () => {
    const { one, other, replies } = await twoTabs();
    await one.device.turns.send(A, "first");
    await settle();
    await one.device.turns.send(A, "taken back");
    await settle();
    const [id = ""] = (other.device.views.get(A)?.pending ?? []).map(({ clientMessageId }) => clientMessageId);
    const back = await Promise.all([one.device.turns.discard(id), other.device.turns.discard(id)]);
    expect(back.filter((taken) => taken !== null)).toMatchObject([{ text: "taken back" }]);
    await replies.end("done");
    await one.environment.advance(20_000);
    expect(replies.taken).toEqual(["first"]);
    for (const { device } of [one, other]) device.stop();
  });
});

it("[DEV-12] a message that another tab is sending can't be taken back, and one that is taken back is not sent meanwhile", async () => {
  const held = await openDevice({ tabs: { ...noTabs(), exclusively: async () => false } });
  held.transport.answers.open = () => detail("a", 10);
  await held.device.views.openConversation(A);
  await held.device.turns.send(A, "elsewhere");
  await settle();
  const [waiting] = held.device.views.get(A)?.pending ?? [];
  expect(await held.device.turns.discard(waiting?.clientMessageId ?? "")).toBeNull();
  expect(held.device.views.get(A)?.pending).toHaveLength(1);
  held.device.stop();

  const stored = memoryLocalStore();
  const localStore = { ...stored };
  const { device, replies } = await openQueue({ localStore });
  await device.turns.send(A, "first");
  await settle();
  await device.turns.send(A, "second");
  await settle();
  let answer: () => void = () => {};
  localStore.loadOutgoing = async (id) => {
    await new Promise<void>((resolve) => (answer = resolve));
    return stored.loadOutgoing(id);
  };
  const [queued] = device.views.get(A)?.pending ?? [];
  const back = device.turns.discard(queued?.clientMessageId ?? "");
  await replies.end("done");
  answer();
  expect(await back).toMatchObject({ text: "second" });
  await settle();
  expect([replies.taken, states({ device })]).toEqual([["first"], []]);
  device.stop();
});
