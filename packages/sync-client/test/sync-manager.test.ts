/** The coordinator against a scripted server, in virtual time: DEV-1, DEV-2 and what a failed sync leaves. */
import { describe, expect, it } from "vitest";
import { INTERVAL_MS, makeDevice, makeSyncedDevice } from "./device-fixture.ts";
import { full, idOf, increment, row, tick } from "./scripted-server.ts";
import { settle } from "./virtual-environment.ts";

it("whoever waits for a sync waits no longer than for its end, well or not", async () => {
  const { manager, server } = await makeSyncedDevice();
  for (const end of ["fail", "answer"] as const) {
    let hasEnded = false;
    void manager.incrementalSync().then(() => (hasEnded = true));
    await settle();
    expect(hasEnded).toBe(false);
    if (end === "fail") await server.last.fail();
    else await server.last.answer(increment(100));
    expect(hasEnded).toBe(true);
  }
  manager.stop();
});

it("[SYNC-3] [SYNC-4] a list of several pages is of when its first page was: what came since is asked for from there", async () => {
  const { manager, server } = makeDevice();
  manager.start();
  await server.last.answer({ ...full(100, [row("a", 10)]), has_more: true, next_page: "2" }, { etag: "first" });
  await server.last.answer(full(105, [row("b", 10)]), { etag: "second" });
  void manager.incrementalSync();
  expect(server.last.question).toMatchObject({ since: tick(100), epoch: "e1" });
  manager.stop();
});

it("[SYNC-4] [EPOCH-1] a list whose pages are of two histories is none: it is asked for anew, and nothing of it is taken", async () => {
  const { manager, server, store } = makeDevice();
  manager.start();
  await server.last.answer({ ...full(100, [row("a", 10)]), has_more: true, next_page: "2" });
  await server.last.answer({ ...full(100, [row("b", 10)]), epoch: "e2" });
  expect([store.conversations.list(), store.state.watermark.serverTime]).toEqual([[], null]);
  manager.stop();
});

describe("when it asks", () => {
  it("[DEV-1] makes a full sync at the start and an increment every interval", async () => {
    const { server, manager, environment } = makeDevice();
    manager.start();
    expect(server.last.question).toMatchObject({ since: null, waitS: 0 });
    await server.last.answer(full(100, [row("a", 1)]));
    await environment.advance(INTERVAL_MS - 1);
    expect(server.asked).toHaveLength(1);
    await environment.advance(1);
    expect(server.asked).toHaveLength(2);
    expect(server.last.question).toMatchObject({ since: tick(100), epoch: "e1", waitS: 0 });
    await server.last.answer(increment(100));
    await environment.advance(INTERVAL_MS);
    expect(server.asked).toHaveLength(3);
    manager.stop();
  });

  it("[DEV-1] asks nothing while hidden, an increment at once on refocus, a full sync after more than five minutes", async () => {
    const { server, environment, manager } = await makeSyncedDevice();
    await environment.emit("hide");
    await environment.advance(300_000);
    expect(server.asked).toHaveLength(1);
    await environment.emit("show");
    expect(server.asked).toHaveLength(2);
    expect(server.last.question.since).toBe(tick(100));
    await server.last.answer(increment(100));
    await environment.emit("hide");
    await environment.advance(300_001);
    await environment.emit("show");
    expect(server.asked).toHaveLength(3);
    expect(server.last.question.since).toBeNull();
    manager.stop();
  });

  it("[DEV-1] asks at once on focus and on online", async () => {
    const { server, environment, manager } = await makeSyncedDevice();
    await environment.emit("focus");
    expect(server.asked).toHaveLength(2);
    await server.last.answer(increment(100));
    await environment.emit("online");
    expect(server.asked).toHaveLength(3);
    manager.stop();
  });

  it("[DEV-1] starts with an increment from a warm cache", () => {
    const { server, store, manager } = makeDevice();
    store.restore([], { serverTime: tick(50), epoch: "e1", etag: null, wholeTime: tick(50), gone: [] });
    manager.start();
    expect(server.last.question).toMatchObject({ since: tick(50), epoch: "e1" });
    manager.stop();
  });

  it("[DEV-1] takes a hidden time for long where the device's clock stepped back meanwhile", async () => {
    const { server, environment, manager } = await makeSyncedDevice();
    await environment.emit("hide");
    environment.clockErrorMs = -3_600_000;
    await environment.emit("show");
    expect(server.last.question.since).toBeNull();
    manager.stop();
  });

  it("[DEV-1] continues a page that has more at once", async () => {
    const { server, environment, manager } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    await server.last.answer({ ...increment(150, [row("a", 11, { at: 150 })]), has_more: true });
    expect(server.asked).toHaveLength(3);
    expect(server.last.question.since).toBe(tick(150));
    manager.stop();
  });

  it("[DEV-1] leaves the rest of such an increment, and what the network's return asks, for when the page is shown", async () => {
    const { server, environment, manager } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    await environment.emit("hide");
    await environment.emit("online");
    await server.last.answer({ ...increment(150, [row("a", 11, { at: 150 })]), has_more: true });
    await environment.advance(INTERVAL_MS);
    expect(server.asked).toHaveLength(2);
    void manager.incrementalSync();
    await server.last.answer({ ...increment(160, [row("a", 12, { at: 160 })]), has_more: true });
    expect(server.asked).toHaveLength(3);
    await environment.emit("show");
    expect(server.last.question.since).toBe(tick(160));
    manager.stop();
  });

  it("[DEV-2] runs one sync at a time, and a full one that was asked for meanwhile next", async () => {
    const { server, environment, manager } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    const wanted = manager.fullSync();
    await settle();
    expect(server.asked).toHaveLength(2);
    await server.last.answer(increment(101));
    expect(server.asked).toHaveLength(3);
    expect(server.last.question.since).toBeNull();
    await server.last.answer(full(101, []));
    await wanted;
    manager.stop();
  });

  it("[DEV-2] asks for everything again where that failed", async () => {
    const { server, environment, manager } = makeDevice();
    manager.start();
    await server.last.fail();
    await environment.advance(1000);
    expect(server.asked).toHaveLength(2);
    expect(server.last.question.since).toBeNull();
    manager.stop();
  });

  it("[DEV-2] stop leaves no timer, no request and nobody waiting", async () => {
    const { server, environment, manager, store } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    const wanted = manager.fullSync();
    manager.stop();
    await wanted;
    expect(server.last.signal.aborted).toBe(true);
    await server.last.answer(increment(200, [row("d", 5, { at: 200 })]));
    expect(environment.timerCount).toBe(0);
    expect(environment.listenerCount).toBe(0);
    expect(store.conversations.get(idOf("d"))).toBeUndefined();
  });

  it("[DEV-2] stop abandons what is being counted", async () => {
    const { server, environment, manager } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    await server.last.answer(increment(120, [row("a", 10, { last_seq: 12, at: 120 })]));
    expect(server.unreadSignal?.aborted).toBe(false);
    manager.stop();
    expect(server.unreadSignal?.aborted).toBe(true);
  });

  it("gives up a request that never answers, after longer than any hold", async () => {
    const { server, environment, manager } = await makeSyncedDevice({ live: true });
    expect(server.last.question.waitS).toBe(25);
    const hung = server.last;
    await environment.advance(44_999);
    expect(hung.signal.aborted).toBe(false);
    await environment.advance(1);
    expect(hung.signal.aborted).toBe(true);
    await environment.advance(1000);
    expect(server.asked).toHaveLength(3);
    expect(server.last.question.waitS).toBe(0);
    manager.stop();
  });
});

describe("when it fails", () => {
  it("a failed sync changes nothing, and the next one catches up", async () => {
    const { server, environment, manager, store, unread } = await makeSyncedDevice();
    const before = store.conversations.list();
    await environment.advance(INTERVAL_MS);
    await server.last.fail();
    expect(store.conversations.list()).toBe(before);
    await environment.advance(1000);
    expect(server.last.question.since).toBe(tick(100));
    await server.last.answer(increment(120, [row("a", 12, { at: 120 })]));
    expect(unread("a")).toBe(2);
    manager.stop();
  });

  it("backs off with full jitter up to half a minute, and starts over on online", async () => {
    const { server, environment, manager } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    for (const pauseMs of [500, 1000, 2000, 4000, 8000, 15_000, 15_000]) {
      const count = server.asked.length;
      await server.last.fail();
      await environment.advance(pauseMs - 1);
      expect(server.asked).toHaveLength(count);
      await environment.advance(1);
      expect(server.asked).toHaveLength(count + 1);
    }
    await server.last.fail();
    await environment.emit("online");
    await server.last.fail();
    const count = server.asked.length;
    await environment.advance(500);
    expect(server.asked).toHaveLength(count + 1);
    manager.stop();
  });

  it.each([
    ["unavailable", 503],
    ["too_many_requests", 429],
  ] as const)("[LIMIT-1] waits as long as Retry-After says where the server answers %s", async (failed, status) => {
    const { server, environment, manager } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    await server.last.fail({ failed, status, retryAfterMs: 20_000 });
    await environment.advance(19_999);
    expect(server.asked).toHaveLength(2);
    await environment.advance(1);
    expect(server.asked).toHaveLength(3);
    manager.stop();
  });

  it.each(["focus", "online", "resume"] as const)(
    "[DEV-1] asks nothing while the page is hidden, whatever says %s",
    async (event) => {
      const { server, environment, manager } = await makeSyncedDevice();
      await environment.emit("hide");
      await environment.emit(event);
      await environment.advance(10 * INTERVAL_MS);
      expect(server.asked).toHaveLength(1);
      await environment.emit("show");
      expect(server.asked).toHaveLength(2);
      manager.stop();
    },
  );

  it("stops asking once nobody is signed in, until told, or until somebody comes back to the page", async () => {
    const { server, environment, manager } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    await server.last.fail({ failed: "unauthorized", status: 401 });
    await environment.advance(10 * INTERVAL_MS);
    expect(server.asked).toHaveLength(2);
    manager.tell({ kind: "signed-in" });
    expect(server.asked).toHaveLength(3);
    await server.last.fail({ failed: "unauthorized", status: 401 });
    await environment.advance(10 * INTERVAL_MS);
    expect(server.asked).toHaveLength(3);
    await environment.emit("focus");
    expect(server.asked).toHaveLength(4);
    await server.last.answer(increment(101));
    await environment.advance(INTERVAL_MS);
    expect(server.asked).toHaveLength(5);
    manager.stop();
  });
});

describe("live", () => {
  it("[WAIT-1] lets the server hold the increment, and asks again as soon as it has answered", async () => {
    const { server, environment, manager, unread } = await makeSyncedDevice({ live: true });
    expect(server.last.question).toMatchObject({ since: tick(100), waitS: 25 });
    await environment.advance(3000);
    await server.last.answer(increment(110, [row("a", 11, { at: 110 })]));
    expect(unread("a")).toBe(1);
    expect(server.last.question).toMatchObject({ since: tick(110), waitS: 25 });
    await environment.advance(25_000);
    await server.last.answer(increment(110));
    expect(server.asked).toHaveLength(4);
    manager.stop();
  });

  it("[WAIT-2] waits its ordinary interval after an early empty answer", async () => {
    const { server, environment, manager } = await makeSyncedDevice({ live: true });
    await server.last.answer(increment(100));
    await environment.advance(INTERVAL_MS - 1);
    expect(server.asked).toHaveLength(2);
    await environment.advance(1);
    expect(server.asked).toHaveLength(3);
    manager.stop();
  });

  it("[WAIT-1] takes no hold for cut short because the device's clock stepped back meanwhile", async () => {
    const { server, environment, manager } = await makeSyncedDevice({ live: true });
    await environment.advance(25_000);
    environment.clockErrorMs = -3_600_000;
    await server.last.answer(increment(100));
    expect(server.asked).toHaveLength(3);
    manager.stop();
  });

  it("[DEV-1] is live where the browser calls itself offline and the server answers: an answer is the proof", async () => {
    const { server, environment, manager } = makeDevice({ live: true });
    environment.isOnline = false;
    manager.start();
    await server.last.answer(full(100, [row("a", 10)]));
    expect(server.last.question.waitS).toBe(25);
    await environment.emit("offline");
    await server.last.answer(increment(100));
    expect(server.last.question.waitS).toBe(25);
    manager.stop();
  });

  it("[WAIT-2] comes back after the Retry-After of a server that stops", async () => {
    const { server, environment, manager } = await makeSyncedDevice({ live: true });
    await server.last.answer(increment(100), { retryAfterMs: 1500 });
    await environment.advance(1500);
    expect(server.asked).toHaveLength(3);
    manager.stop();
  });

  it("gives up a held request when the page is hidden, suspended or wants everything", async () => {
    const { server, environment, manager } = await makeSyncedDevice({ live: true });
    const held = server.last;
    await environment.emit("hide");
    expect(held.signal.aborted).toBe(true);
    await environment.emit("show");
    await server.last.answer(increment(100));
    expect(server.last.question.waitS).toBe(25);
    const again = server.last;
    void manager.fullSync();
    await settle();
    expect(again.signal.aborted).toBe(true);
    expect(server.last.question.since).toBeNull();
    manager.stop();
  });

  it.each([
    ["the page is shown again", ["hide", "show"], 1],
    ["the network is another one", ["offline", "online"], 2],
  ] as const)(
    "falls back to the ordinary interval where something on the way cuts held requests, until %s",
    async (...[, events, answers]) => {
      const { server, environment, manager } = await makeSyncedDevice({ live: true });
      for (let cut = 0; cut < 3; cut++) {
        expect(server.last.question.waitS).toBe(25);
        await environment.advance(5000);
        await server.last.fail();
        await environment.advance(1000);
        expect(server.last.question.waitS).toBe(0);
        await server.last.answer(increment(100));
      }
      const count = server.asked.length;
      await environment.advance(INTERVAL_MS - 1);
      expect(server.asked).toHaveLength(count);
      await environment.advance(1);
      expect(server.last.question.waitS).toBe(0);
      await server.last.answer(increment(100));
      for (const event of events) await environment.emit(event);
      for (let told = 0; told < answers; told++) await server.last.answer(increment(100));
      expect(server.last.question.waitS).toBe(25);
      manager.stop();
    },
  );
});
