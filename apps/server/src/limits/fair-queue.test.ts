import { describe, expect, test } from "vitest";
import { createFairQueue } from "./fair-queue.ts";

const never = () => new AbortController().signal;
/** Lets everything that is ready run. */
const settle = async () => new Promise((resolve) => void setImmediate(resolve));

describe("createFairQueue", () => {
  test("admits as many as there are places, and the next when one leaves", async () => {
    const queue = createFairQueue(2);
    const leave = await queue.enter("a", never());
    await queue.enter("a", never());
    const third = queue.enter("a", never());
    await settle();
    expect(queue.statistics()).toEqual({ running: 2, waiting: 1 });
    leave();
    await third;
    expect(queue.statistics()).toEqual({ running: 2, waiting: 0 });
  });

  test("accounts take turns, whoever has more waiting", async () => {
    const queue = createFairQueue(1);
    const order: string[] = [];
    const enter = async (account: string, name: string) => {
      const leave = await queue.enter(account, never());
      order.push(name);
      await settle();
      leave();
    };
    await Promise.all([enter("a", "a1"), enter("a", "a2"), enter("a", "a3"), enter("b", "b1"), enter("c", "c1")]);
    expect(order).toEqual(["a1", "a2", "b1", "c1", "a3"]);
    expect(queue.statistics()).toEqual({ running: 0, waiting: 0 });
  });

  test("leaving twice frees one place", async () => {
    const queue = createFairQueue(1);
    const leave = await queue.enter("a", never());
    leave();
    leave();
    await queue.enter("a", never());
    void queue.enter("a", never());
    expect(queue.statistics()).toEqual({ running: 1, waiting: 1 });
  });

  test("one that is aborted while it waits leaves the queue and takes no place", async () => {
    const queue = createFairQueue(1);
    const leave = await queue.enter("a", never());
    const aborting = new AbortController();
    const waiting = queue.enter("b", aborting.signal);
    aborting.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    expect(queue.statistics()).toEqual({ running: 1, waiting: 0 });
    leave();
    expect(queue.statistics()).toEqual({ running: 0, waiting: 0 });
  });

  test("one that is aborted already never enters", async () => {
    const queue = createFairQueue(1);
    await expect(queue.enter("a", AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
    expect(queue.statistics()).toEqual({ running: 0, waiting: 0 });
  });
});
