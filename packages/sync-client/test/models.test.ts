/** Which model answers is the server's to decide, except where a person chose one; and the server may offer others tomorrow. */
import { describe, expect, it } from "vitest";
import type { Boot } from "../src/device.ts";
import { failure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { full, idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, NO_NETWORK, summary, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice, type WholeDevice, type WholeOptions } from "./whole-device.ts";

const A = idOf("a");
const REFUSED = { ...failure("unknown_model", "Not offered."), status: 422 };

function sent({ transport }: WholeDevice): unknown[] {
  return transport.named("sendStream").map(([, send]) => (send as { model?: string }).model);
}

describe("[TURN-10] a send", () => {
  it("names no model where nobody chose one, in an old conversation and in a new one", async () => {
    const whole = await openDevice();
    const { device, transport } = whole;
    transport.answers.create = () => summary("n", 0);
    await device.turns.send(A, "hello");
    await device.turns.send(device.actions.createDraft(), "hello");
    await settle();
    expect(sent(whole)).toEqual([undefined, undefined]);
    expect(transport.named("create")).toEqual([[{ id: expect.any(String) }]]);
    device.stop();
  });

  it("names the one that was chosen: for a new chat, and while the change is on its way", async () => {
    const whole = await openDevice();
    const { device, transport } = whole;
    transport.answers.create = () => summary("n", 0, { model: "large" });
    await device.turns.send(device.actions.createDraft("large"), "hello");
    void device.actions.setModel(A, "small");
    await device.turns.send(A, "hello");
    await settle();
    expect(new Set(sent(whole))).toEqual(new Set(["large", "small"]));
    device.stop();
  });

  it("names it no more once the server has the change", async () => {
    const whole = await openDevice();
    whole.transport.answers.patch = () => summary("a", 10, { model: "small" });
    await whole.device.actions.setModel(A, "small");
    await whole.device.turns.send(A, "hello");
    await settle();
    expect(sent(whole)).toEqual([undefined]);
    whole.device.stop();
  });

  it("whose model was refused is not sent with it again", async () => {
    const whole = await openDevice();
    const { device, transport } = whole;
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.refusals = [REFUSED];
    await device.turns.send(A, "hello", { model: "gone" });
    await settle();
    const [pending] = device.views.get(A)?.pending ?? [];
    expect(pending).toMatchObject({ state: "rejected", problem: { failed: "unknown_model" } });
    device.turns.retry(pending?.clientMessageId ?? "");
    await settle();
    await transport.stream.feed(...turn("a", 11, ["hi"]));
    expect(sent(whole)).toEqual(["gone", undefined]);
    expect(device.views.get(A)?.pending).toEqual([]);
    device.stop();
  });

  it("of a chat that is begun here goes with the one that was chosen for it, whichever goes first, and is taken back with it", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    first.transport.answers.create = () => NO_NETWORK;
    const id = await first.device.turns.send(first.device.actions.createDraft("large"), "One");
    await first.device.turns.send(id, "Two");
    await settle();
    first.device.stop();
    const second = await openDevice({ localStore });
    second.transport.answers.create = () => NO_NETWORK;
    await second.device.turns.send(id, "Three");
    await second.device.views.openConversation(id);
    await settle();
    const takeBack = () => second.device.turns.discard(second.device.views.get(id)?.pending[0]?.clientMessageId ?? "");
    expect(await takeBack()).toMatchObject({ text: "One", model: "large" });
    expect(await takeBack()).toMatchObject({ text: "Two", model: "large" });
    second.transport.answers.create = () => summary("n", 0, { id, model: "large" });
    second.device.syncNow();
    await settle();
    expect(second.transport.named("create").at(-1)).toEqual([{ id, model: "large" }]);
    expect(sent(second)).toEqual(["large"]);
    second.device.stop();
  });

  it("is taken back with the one that was chosen since", async () => {
    const { device, transport } = await openDevice();
    transport.answers.create = () => NO_NETWORK;
    const id = await device.turns.send(device.actions.createDraft("large"), "One");
    await device.views.openConversation(id);
    void device.actions.setModel(id, "small");
    await settle();
    const [pending] = device.views.get(id)?.pending ?? [];
    expect(await device.turns.discard(pending?.clientMessageId ?? "")).toMatchObject({ text: "One", model: "small" });
    device.stop();
  });

  it("that was refused for another reason keeps its model", async () => {
    const whole = await openDevice();
    const { device, transport } = whole;
    transport.refusals = [{ ...failure("stale_conversation", ""), status: 409 }];
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await device.turns.send(A, "hello", { model: "large" });
    await settle();
    device.turns.retry(device.views.get(A)?.pending[0]?.clientMessageId ?? "");
    await settle();
    expect(sent(whole)).toEqual(["large", "large"]);
    device.stop();
  });
});

describe("[TURN-10] a row", () => {
  it("has a model only where its conversation has one of its own, whichever answer told of it", async () => {
    const whole = wholeDevice();
    const { device, transport } = whole;
    transport.answers.list = () => ({
      conversations: [summary("a", 1), summary("b", 1, { model: "large" })],
      next_cursor: null,
    });
    transport.answers.open = () => detail("c", 1);
    transport.answers.create = () => summary("n", 0);
    transport.answers.restore = () => summary("d", 1);
    await device.start();
    await device.views.openConversation(idOf("c"));
    const made = await device.turns.send(device.actions.createDraft(), "hello");
    await device.actions.restore(idOf("d"));
    await settle();
    const models = () => ["a", "b", "c", "d"].map((name) => device.conversations.get(idOf(name))?.model);
    expect([...models(), device.conversations.get(made)?.model]).toEqual(["", "large", "", "", ""]);
    const rows = ["a", "b", "c", "d"].map((name) => row(name, 1, name === "b" ? { model: "large" } : {}));
    await transport.last.answer(full(100, rows));
    expect(models()).toEqual(["", "large", "", ""]);
    device.stop();
  });

  it("is asked for anew where the default is another one: one that was chosen and was the default is named now", async () => {
    const { device, transport, boot } = await openDevice();
    device.setDefaultModel(boot.config.default_model);
    await settle();
    const asked = transport.asked.length;
    device.setDefaultModel("other");
    await settle();
    expect(transport.asked).toHaveLength(asked + 1);
    expect(transport.last.question).toMatchObject({ since: null, etag: null });
    await transport.last.answer(full(100, [row("a", 10, { model: boot.config.default_model })]));
    expect(device.conversations.get(A)?.model).toBe(boot.config.default_model);
    device.stop();
  });

  it("is judged by the default that the server has by then", async () => {
    const { device, transport } = await openDevice();
    device.setDefaultModel("new");
    transport.answers.restore = () => summary("d", 1, { model: "new", server_time: tick(101), epoch: "e1" });
    await device.actions.restore(idOf("d"));
    expect(device.conversations.get(idOf("d"))?.model).toBe("");
    device.stop();
  });
});

describe("[TURN-10] what the server offers", () => {
  async function watched(options: WholeOptions = {}) {
    const told: Boot[] = [];
    const whole = await openDevice({ ...options, callbacks: { onBootChanged: (boot) => void told.push(boot) } });
    const answer = (boot: Boot) => {
      whole.transport.answers.config = () => boot.config;
      whole.transport.answers.me = () => boot.me;
    };
    answer(whole.boot);
    await whole.environment.emit("show");
    whole.transport.calls.length = 0;
    const changed: Boot = { ...whole.boot, config: { ...whole.boot.config, default_model: "other" } };
    return { ...whole, told, answer, changed };
  }
  type Watched = Awaited<ReturnType<typeof watched>>;

  const occasions: Record<string, (whole: Watched) => Promise<unknown>> = {
    "the page is seen again": ({ environment }) => environment.emit("show"),
    "the page comes back from the cache": ({ environment }) => environment.emit("resume"),
    "the network is back": ({ environment }) => environment.emit("online"),
    "the server is back": async ({ environment, transport }) => {
      await environment.advance(INTERVAL_MS);
      await transport.last.fail();
      await environment.advance(INTERVAL_MS);
      await transport.last.answer(increment(101));
    },
    "the server has asked for patience": async ({ environment, transport }) => {
      await environment.advance(INTERVAL_MS);
      await transport.last.answer(increment(101), { retryAfterMs: 1000 });
      const asked = transport.named("config").length;
      await environment.advance(2000);
      expect(transport.named("config")).toHaveLength(asked + 1);
    },
    "it refuses a model": async ({ device, transport }) => {
      transport.refusals = [REFUSED];
      await device.turns.send(A, "hello", { model: "gone" });
      await settle();
    },
  };
  for (const [occasion, happens] of Object.entries(occasions)) {
    it(`is asked again when ${occasion}, and told once where it differs`, async () => {
      const whole = await watched();
      await happens(whole);
      await settle();
      expect(whole.told).toEqual([]);
      whole.answer(whole.changed);
      await happens(whole);
      await settle();
      expect(whole.told).toEqual([whole.changed]);
      whole.device.stop();
    });
  }

  it("is asked at the start", async () => {
    const told: Boot[] = [];
    const whole = wholeDevice({ callbacks: { onBootChanged: (boot) => void told.push(boot) } });
    whole.transport.answers.config = () => ({ ...whole.boot.config, version: "2" });
    whole.transport.answers.me = () => whole.boot.me;
    await whole.device.start();
    await settle();
    expect(told).toMatchObject([{ config: { version: "2" } }]);
    whole.device.stop();
  });

  it("is asked once more where it was doubted during an answer, and by one request at a time", async () => {
    const { environment, transport, told, changed, boot, device } = await watched();
    const answers: ((config: unknown) => void)[] = [];
    transport.answers.config = () => new Promise((resolve) => answers.push(resolve));
    for (let times = 0; times < 3; times++) await environment.emit("show");
    expect(answers).toHaveLength(1);
    answers[0]?.(boot.config);
    await settle();
    expect(answers).toHaveLength(2);
    answers[1]?.(changed.config);
    await settle();
    expect([told, answers.length]).toEqual([[changed], 2]);
    device.stop();
  });

  it("is no news where it can't be had, nor once the device has stopped", async () => {
    const { environment, transport, told, changed, device } = await watched();
    transport.answers.config = () => NO_NETWORK;
    await environment.emit("show");
    let answer: (config: unknown) => void = () => {};
    transport.answers.config = () => new Promise((resolve) => (answer = resolve));
    await environment.emit("show");
    device.stop();
    answer(changed.config);
    await settle();
    expect(told).toEqual([]);
  });

  it("is asked again after it could not be, with the next answer of the server", async () => {
    const { environment, transport, told, changed, answer, device } = await watched();
    transport.answers.config = () => NO_NETWORK;
    await environment.emit("show");
    await settle();
    answer(changed);
    await transport.last.answer(increment(101));
    expect(told).toEqual([changed]);
    device.stop();
  });

  it("is asked for no more once the device has stopped, though it was about to", async () => {
    const { environment, transport, device } = await watched();
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(101), { retryAfterMs: 1000 });
    device.stop();
    expect(environment.timerCount).toBe(0);
  });

  it("is not asked where nobody wants to know", async () => {
    const { device, environment, transport } = await openDevice();
    await environment.emit("show");
    expect([transport.named("config"), transport.named("me")]).toEqual([[], []]);
    device.stop();
  });
});

it("[TURN-10] a send says the model that was chosen last, though the choice before it is on its way still", async () => {
  const { device, transport } = await openDevice();
  transport.answers.patch = () => new Promise(() => {});
  for (const model of ["one", "two"]) {
    void device.actions.setModel(A, model);
    await settle();
  }
  await device.turns.send(A, "hello");
  await settle();
  expect(transport.named("sendStream")).toMatchObject([[A, { model: "two" }]]);
  device.stop();
});
