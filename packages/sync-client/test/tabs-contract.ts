/** What every link between tabs does: one suite that each adapter passes. */
import { afterEach, expect, it } from "vitest";
import type { TabMessage, Tabs } from "../src/tabs/tabs.ts";

function heard(tabs: Tabs): Promise<TabMessage> {
  return new Promise((resolve) => tabs.subscribe(resolve));
}

/** Resolves with what the holder is told next. */
export function holding(tabs: Tabs) {
  const told: boolean[] = [];
  let wake: (() => void) | null = null;
  const release = tabs.holdForAll((isServed) => {
    told.push(isServed);
    wake?.();
  });
  const next = async (): Promise<boolean> => {
    if (told.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return told.shift() === true;
  };
  const untilHeld = async (): Promise<void> => {
    // A lock that was let go of is free a moment later.
    for (let told = 0; told < 5; told++) if (!(await next())) return;
    throw new Error("never got it");
  };
  return { next, untilHeld, release };
}

const MOVED: TabMessage = { kind: "moved", serverTime: "t", epoch: "e" };

/** `openTab` opens a tab of a browser and account of that name. */
export function describeTabs(openTab: (name: string) => Tabs): void {
  let opened: Tabs[] = [];
  let count = 0;
  const open = (name = `browser-${count}`): Tabs => {
    const tabs = openTab(name);
    opened.push(tabs);
    return tabs;
  };
  afterEach(() => {
    for (const tabs of opened) tabs.close();
    opened = [];
    count++;
  });

  it("[DEV-11] hear what another tab tells, and not what they tell themselves", async () => {
    const [one, other] = [open(), open()];
    const own: TabMessage[] = [];
    one.subscribe((message) => own.push(message));
    const received = heard(other);
    one.tell(MOVED);
    expect(await received).toEqual(MOVED);
    expect(own).toEqual([]);
  });

  it("[DEV-11] hear what is told twice, though it is the same, twice", async () => {
    const [one, other] = [open(), open()];
    let [count, rouse] = [0, (): void => {}];
    const twice = new Promise<void>((resolve) => (rouse = resolve));
    other.subscribe(() => ++count === 2 && rouse());
    one.tell({ kind: "outbox" });
    one.tell({ kind: "outbox" });
    await twice;
    expect(count).toBe(2);
  });

  it("[SYNC-9] hear nothing of another account's tabs", async () => {
    const [one, other] = [open(), open("somebody else")];
    const strange: TabMessage[] = [];
    other.subscribe((message) => strange.push(message));
    const third = open();
    const received = heard(third);
    one.tell({ kind: "outbox" });
    await received;
    expect(strange).toEqual([]);
  });

  it("[DEV-11] agree on one that holds the request, and another takes over when it lets go", async () => {
    const first = holding(open());
    expect(await first.next()).toBe(false);
    const second = holding(open());
    expect(await second.next()).toBe(true);
    first.release();
    expect(await second.next()).toBe(false);
    second.release();
  });

  it("[DEV-11] a closed tab holds nothing, and takes it up again when opened", async () => {
    const tabs = open();
    const first = holding(tabs);
    expect(await first.next()).toBe(false);
    tabs.close();
    const second = holding(open());
    await second.untilHeld();
    second.release();
    tabs.open();
    await first.untilHeld();
    expect(await open().exclusively("x", async () => {})).toBe(true);
  });

  it("[DEV-11] a closed tab tells nothing until it is opened again", async () => {
    const [one, other] = [open(), open()];
    const received = heard(other);
    one.close();
    one.tell({ kind: "outbox" });
    one.open();
    one.tell(MOVED);
    expect(await received).toEqual(MOVED);
  });

  /** What takes until `finish`, once it has begun. */
  const longTask = () => {
    const [started, finished] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const run = (): Promise<void> => {
      started.resolve();
      return finished.promise;
    };
    return { run, started: started.promise, finish: finished.resolve };
  };

  it("[DEV-12] do one thing in one tab at a time", async () => {
    const [one, other] = [open(), open()];
    const { run, started, finish } = longTask();
    const first = one.exclusively("send", run);
    await started;
    expect(await other.exclusively("send", async () => {})).toBe(false);
    finish();
    expect(await first).toBe(true);
    expect(await other.exclusively("send", async () => {})).toBe(true);
  });

  it("[DEV-11] a closed tab keeps no other one from what it is at, and says when it is through with it", async () => {
    const [one, other] = [open(), open()];
    const { run, started, finish } = longTask();
    let isThrough = false;
    const first = one.exclusively("send", run).finally(() => (isThrough = true));
    await started;
    one.close();
    const again = longTask();
    const untilFree = async (): Promise<boolean> => {
      // A lock that was let go of is free a moment later.
      for (let tries = 0; tries < 100; tries++) {
        const second = other.exclusively("send", again.run);
        if (await Promise.race([again.started.then(() => true), second])) return true;
      }
      return false;
    };
    expect(await untilFree()).toBe(true);
    expect(isThrough).toBe(false);
    one.open();
    finish();
    expect(await first).toBe(true);
    // The first one's end is not the second one's.
    expect(await one.exclusively("send", async () => {})).toBe(false);
    again.finish();
  });
}
