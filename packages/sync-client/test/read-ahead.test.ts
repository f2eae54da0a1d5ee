/** The newest conversations are on the device before anybody opens them. */
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { READ_AHEAD_COUNT, ReadAhead } from "../src/views/read-ahead.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { noTabs, type Tabs } from "../src/tabs/tabs.ts";
import { full, idOf, increment, row } from "./scripted-server.ts";
import { detail, NO_NETWORK } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { wholeDevice, type WholeDevice } from "./whole-device.ts";

const names = Array.from({ length: READ_AHEAD_COUNT + 5 }, (_, index) => String.fromCodePoint(97 + index));
const nameById = new Map(names.map((name) => [String(idOf(name)), name]));

/** A device whose list has 25 conversations, the first of them the newest. */
async function listed(tabs: Tabs = noTabs()): Promise<WholeDevice & { readonly ahead: ReadAhead }> {
  const whole = wholeDevice({ localStore: memoryLocalStore(), tabs });
  await whole.device.start();
  await settle();
  await whole.transport.last.answer(
    full(
      1000,
      names.map((name, index) => row(name, 2, { at: 900 - index })),
    ),
  );
  whole.transport.answers.open = (id: string) => detail(nameById.get(id) ?? "", 2);
  const { conversations, sync } = whole.device;
  return { ...whole, ahead: new ReadAhead({ ...whole, conversations, epoch: () => sync.store.state.watermark.epoch }) };
}

/** Lets a run come to its end. */
async function run({ ahead, environment }: Awaited<ReturnType<typeof listed>>, signal = new AbortController().signal) {
  const done = ahead.run(signal);
  for (let step = 0; step < 40; step++) await environment.advance(300);
  await done;
}

const opened = ({ transport }: WholeDevice) => transport.named("open").map(([id]) => nameById.get(String(id)));

describe("reading ahead", () => {
  it("keeps the newest twenty, the newest last, one after the other, and asks for none again", async () => {
    const whole = await listed();
    void whole.ahead.run(new AbortController().signal);
    await settle();
    expect(opened(whole)).toHaveLength(1);
    for (let step = 0; step < 40; step++) await whole.environment.advance(300);
    expect(opened(whole)).toEqual(names.slice(0, READ_AHEAD_COUNT).toReversed());
    expect(await whole.localStore.loadMessages(idOf("a"))).toHaveLength(2);
    await run(whole);
    expect(opened(whole)).toHaveLength(READ_AHEAD_COUNT);
    whole.device.stop();
  });

  it("fetches what has changed since, also where its newest message was ended", async () => {
    const whole = await listed();
    await run(whole);
    void whole.device.sync.incrementalSync();
    await whole.transport.last.answer(increment(1001, [row("d", 3, { at: 1001, last_seq: 5 })]));
    whole.transport.answers.open = () => ({ ...detail("d", 3), last_seq: 5 });
    await run(whole);
    await run(whole);
    expect(opened(whole).slice(READ_AHEAD_COUNT)).toEqual(["d"]);
    expect(await whole.localStore.loadMessages(idOf("d"))).toHaveLength(3);
    whole.device.stop();
  });

  it("[EPOCH-1] fetches everything anew once history was rewound, which leaves no messages on the device", async () => {
    const whole = await listed();
    await run(whole);
    const rows = names.map((name, index) => row(name, 2, { at: 900 - index }));
    void whole.device.sync.fullSync();
    await whole.transport.last.answer({ ...full(1001, rows), epoch: "e2" });
    expect(await whole.localStore.loadMessages(idOf("a"))).toBeNull();
    await run(whole);
    expect(opened(whole)).toHaveLength(2 * READ_AHEAD_COUNT);
    expect(await whole.localStore.loadMessages(idOf("a"))).toHaveLength(2);
    whole.device.stop();
  });

  it("leaves a reply that runs, and what is empty, alone", async () => {
    const whole = await listed();
    void whole.device.sync.incrementalSync();
    const running = row("b", 2, { at: 1001, active_reply_id: idOf("reply") });
    await whole.transport.last.answer(increment(1001, [running, row("c", 0, { at: 1002, last_seq: 2 })]));
    await run(whole);
    expect(opened(whole)).not.toContain("b");
    expect(opened(whole)).not.toContain("c");
    whole.device.stop();
  });

  it("ends at once where the server can't be reached, has no time or knows nobody, and passes over one that is gone", async () => {
    const refusals = [
      NO_NETWORK,
      { ...failure("unavailable", ""), status: 503 },
      { ...failure("unauthorized", ""), status: 401 },
    ];
    for (const refusal of [...refusals, { ...failure("too_many_requests", ""), status: 429 }]) {
      const whole = await listed();
      whole.transport.answers.open = () => refusal;
      await run(whole);
      expect([refusal.status, opened(whole).length]).toEqual([refusal.status, 1]);
      whole.device.stop();
    }
    const whole = await listed();
    whole.transport.answers.open = () => ({ ...failure("conversation_not_found", ""), status: 404 });
    await run(whole);
    expect(opened(whole)).toHaveLength(READ_AHEAD_COUNT);
    whole.device.stop();
  });

  it("[DEV-10] keeps nothing of what was deleted while it was fetched", async () => {
    const whole = await listed();
    const answers: (() => void)[] = [];
    whole.transport.answers.open = (id: string) =>
      new Promise((resolve) => answers.push(() => resolve(detail(nameById.get(id) ?? "", 2))));
    void whole.ahead.run(new AbortController().signal);
    await settle();
    const last = names[READ_AHEAD_COUNT - 1] ?? "";
    void whole.device.sync.incrementalSync();
    await whole.transport.last.answer(increment(1001, [], [idOf(last)]));
    answers[0]?.();
    await settle();
    expect(await whole.localStore.loadMessages(idOf(last))).toBeNull();
    whole.device.stop();
  });

  it("ends when it is told to, keeping nothing that comes after", async () => {
    const whole = await listed();
    const ending = new AbortController();
    whole.transport.answers.open = (id: string) => {
      ending.abort();
      return detail(nameById.get(id) ?? "", 2);
    };
    await run(whole, ending.signal);
    expect(opened(whole)).toHaveLength(1);
    expect(await whole.localStore.loadMessages(idOf(names[READ_AHEAD_COUNT - 1] ?? ""))).toBeNull();
    whole.device.stop();
  });

  it("[DEV-13] is done by one tab of a browser", async () => {
    const openTab = memoryTabs();
    const [one, other] = [await listed(openTab()), await listed(openTab())];
    void one.ahead.run(new AbortController().signal);
    await settle();
    await run(other);
    expect(opened(other)).toEqual([]);
    for (const { device } of [one, other]) device.stop();
  });
});
