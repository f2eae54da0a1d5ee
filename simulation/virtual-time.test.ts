import { describe, expect, it } from "vitest";
import { Random } from "./random.ts";
import { START_MS, VirtualTime } from "./virtual-time.ts";

describe("virtual time", () => {
  it("runs events in the order of their time, and of their making where they are due together", async () => {
    const time = new VirtualTime();
    const random = new Random(7);
    const due = Array.from({ length: 200 }, (_, index) => ({ index, delay: random.below(20) }));
    const ran: typeof due = [];
    for (const event of due) time.after(event.delay, () => ran.push(event));
    await time.run(20);
    expect(ran).toEqual(due.toSorted((one, other) => one.delay - other.delay || one.index - other.index));
  });

  it("settles the promises of one event before the next one runs", async () => {
    const time = new VirtualTime();
    const log: string[] = [];
    time.after(1, () => {
      void (async () => {
        for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
        log.push("settled");
      })();
    });
    time.after(1, () => log.push("next"));
    await time.run(5);
    expect(log).toEqual(["settled", "next"]);
    expect(time.now()).toBe(START_MS + 5);
  });

  it("never runs what was cancelled, and runs what a sleeping machine missed when it wakes", async () => {
    const time = new VirtualTime();
    const ran: number[] = [];
    const cancel = time.after(10, () => ran.push(-1));
    time.after(20, () => ran.push(time.now() - START_MS));
    cancel();
    await time.jump(1000);
    expect(ran).toEqual([1000]);
    expect(time.waiting()).toBe(0);
  });
});

describe("seeded chance", () => {
  it("gives the same numbers for the same seed, and others for another", () => {
    const numbers = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(numbers(5)).toEqual(numbers(5));
    expect(numbers(5)).not.toEqual(numbers(6));
  });

  it("spreads evenly", () => {
    const random = new Random(1);
    const counts = [0, 0, 0, 0];
    for (let index = 0; index < 4000; index += 1) {
      const bucket = random.below(4);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(800);
  });
});
