/** One reply in several tabs, whatever they do: at most one stream for all, none of a hidden one, and every tab has every word once [DEV-13]. */
import type { ReplyId, TurnEvent } from "@instep/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { SharedReplies } from "../src/tabs/shared-replies.ts";
import type { Tabs } from "../src/tabs/tabs.ts";
import type { EventStream, Transport } from "../src/transport/transport.ts";
import { followReply, sendStreamingMessage, type TurnEnding } from "../src/turns/turn.ts";
import { idOf } from "./scripted-server.ts";
import { detail, message, turn } from "./scripted-transport.ts";
import { settle, VirtualEnvironment } from "./virtual-environment.ts";

const A = idOf("a");
const REPLY = message("a", 12).id as ReplyId;

/** A server with one reply that grows, and everybody who reads it. */
class ReplyServer {
  readonly events: TurnEvent[] = turn("a", 11, []).slice(0, 1);
  readonly #wakes = new Set<() => void>();
  readonly open: string[] = [];
  isReachable = true;

  async add(...events: TurnEvent[]): Promise<void> {
    this.events.push(...events);
    for (const wake of this.#wakes) wake();
    await settle();
  }

  grow = (text: string): Promise<void> =>
    this.isOver ? Promise.resolve() : this.add({ id: this.events.length + 1, event: "token", data: { text } });

  async end(): Promise<void> {
    const done = turn("a", 11, [this.text]).at(-1);
    if (done && !this.isOver) await this.add({ ...done, id: this.events.length + 1 });
  }

  get isOver(): boolean {
    return this.events.at(-1)?.event === "done";
  }

  get text(): string {
    return this.events.map((event) => (event.event === "token" ? event.data.text : "")).join("");
  }

  async cut(): Promise<void> {
    this.isReachable = false;
    for (const wake of this.#wakes) wake();
    await settle();
    this.isReachable = true;
  }

  stream(tab: string, after: number): EventStream {
    let [last, isClosed, wake] = [after, false, (): void => {}];
    const close = (): void => {
      if (isClosed) return;
      isClosed = true;
      this.#wakes.delete(rouse);
      this.open.splice(this.open.indexOf(tab), 1);
      wake();
    };
    const rouse = (): void => (this.isReachable ? wake() : close());
    this.open.push(tab);
    this.#wakes.add(rouse);
    const next = async (): Promise<TurnEvent | null> => {
      for (;;) {
        const event = isClosed ? null : this.events.find(({ id }) => id > last);
        if (event) last = event.id;
        if (event !== undefined) return event;
        if (this.isOver) return this.events.at(-1) ?? null;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    return { next, close };
  }
}

/** A tab with a page of its own, which reads the reply from an event on. */
class ReadingTab {
  readonly environment: VirtualEnvironment;
  readonly replies: SharedReplies;
  readonly abort = new AbortController();
  /** Hears and says nothing, as a tab that hangs. */
  isMute = false;
  text = "";
  ending: TurnEnding | null = null;
  readonly #server: ReplyServer;

  constructor(server: ReplyServer, clock: VirtualEnvironment, { name, tabs }: { name: string; tabs: Tabs }) {
    this.#server = server;
    // Time is everybody's, a page is each one's own.
    this.environment = new VirtualEnvironment();
    const { page } = this.environment;
    const { now, setTimer, clearTimer, uuid, random } = clock;
    const environment = { now, setTimer, clearTimer, uuid, random, page };
    const muted: Tabs = {
      ...tabs,
      tell: (said) => this.isMute || tabs.tell(said),
      subscribe: (listener) => tabs.subscribe((heard) => this.isMute || listener(heard)),
    };
    const unreachable = failure("unreachable", "");
    const onItsWay = (): Promise<void> => new Promise((resolve) => clock.setTimer(resolve, 20));
    const transport = {
      open: async () => {
        const active = server.isOver ? null : { reply_id: REPLY, text: "", last_event_id: 0 };
        await onItsWay();
        return server.isReachable ? detail("a", 11, { active_reply: active }) : unreachable;
      },
      resumeStream: async (_id, { after }) => {
        await onItsWay();
        return server.isReachable ? server.stream(name, after) : unreachable;
      },
      sendStream: async () => server.stream(name, 0),
    } as Partial<Transport> as Transport;
    this.replies = new SharedReplies({ transport, tabs: muted, environment, tab: name });
    this.#ports = { transport, streams: this.replies, environment };
  }

  readonly #ports: Parameters<typeof followReply>[0];

  #request() {
    const onToken = ({ text = "" }: { readonly text?: string }): void => void (this.text += text);
    return { conversationId: A, signal: this.abort.signal, handlers: { onToken } };
  }

  async follow(known = this.#server.events.length): Promise<void> {
    this.text = known === 0 ? "" : this.#server.text;
    void followReply(this.#ports, { ...this.#request(), replyId: REPLY, after: known }).then(this.#end);
    await settle();
  }

  async send(): Promise<void> {
    const send = { message: "message 11", client_message_id: REPLY };
    void sendStreamingMessage(this.#ports, { ...this.#request(), send }).then(this.#end);
    await settle();
  }

  readonly #end = (ending: TurnEnding): void => void (this.ending = ending);

  get timerCount(): number {
    return this.environment.timerCount;
  }
}

interface Browser {
  readonly server: ReplyServer;
  readonly clock: VirtualEnvironment;
  readonly tabs: readonly ReadingTab[];
}

function browser(count: number): Browser {
  const server = new ReplyServer();
  const clock = new VirtualEnvironment();
  const openTab = memoryTabs();
  const tabs = Array.from(
    { length: count },
    (_, index) => new ReadingTab(server, clock, { name: `tab-${index}`, tabs: openTab() }),
  );
  return { server, clock, tabs };
}

function stop({ tabs }: Browser): void {
  for (const { replies, abort } of tabs) {
    abort.abort();
    replies.close();
  }
}

describe("[DEV-13] tabs that read one reply", () => {
  it("use one stream, and each has every word", async () => {
    const all = browser(6);
    const [sender, ...others] = all.tabs;
    await sender?.send();
    await all.server.grow("One ");
    for (const tab of others) await tab.follow();
    expect(all.server.open).toEqual(["tab-0"]);
    await all.server.grow("two.");
    expect(all.tabs.map(({ text }) => text)).toEqual(Array.from({ length: 6 }, () => "One two."));
    await all.server.end();
    expect(all.tabs.map(({ ending }) => ending?.kind)).toEqual(Array.from({ length: 6 }, () => "done"));
    expect(all.server.open).toEqual([]);
    expect(all.clock.timerCount).toBe(0);
    stop(all);
  });

  it("go on in another one, at once, where the tab that reads is hidden or closed, and within 5 s where it hangs", async () => {
    for (const goes of ["hidden", "closed", "hangs"]) {
      const all = browser(3);
      const [first] = all.tabs;
      if (!first) return;
      for (const tab of all.tabs) {
        await tab.follow();
        await all.clock.advance(400);
      }
      expect(all.server.open).toEqual(["tab-0"]);
      if (goes === "hidden") await first.environment.emit("hide");
      if (goes === "closed") first.replies.close();
      if (goes === "hangs") first.isMute = true;
      await all.clock.advance(goes === "hangs" ? 5000 : 400);
      expect(all.server.open.filter((tab) => tab !== "tab-0" || goes !== "hangs")).toHaveLength(1);
      await all.server.grow("More");
      expect(all.tabs.slice(1).map(({ text }) => text)).toEqual(["More", "More"]);
      first.isMute = false;
      await all.server.grow(".");
      expect(all.server.open).toHaveLength(1);
      stop(all);
    }
  });

  it("that missed something has it at once, and one that begins earlier than the one that reads has it from the server", async () => {
    const all = browser(2);
    const [first, second] = all.tabs;
    await all.server.grow("Before. ");
    await first?.follow();
    await all.clock.advance(400);
    await second?.follow(0);
    await all.clock.advance(400);
    await all.server.grow("Lost. ");
    expect(all.server.open).toEqual(["tab-0"]);
    if (second) second.isMute = true;
    await all.server.grow("Missed. ");
    if (second) second.isMute = false;
    await all.server.grow("Now.");
    expect(second?.text).toBe(all.server.text);
    expect(all.server.open).toEqual(["tab-0"]);
    stop(all);
  });

  it.each([10_000, 66_000, 900_000])(
    "that is hidden for %i ms reads none, learns of the end within 15 s, and fetches what it missed",
    async (ms) => {
      const all = browser(1);
      const [tab] = all.tabs;
      await tab?.environment.emit("hide");
      await tab?.send();
      expect(all.server.open).toEqual([]);
      await all.server.grow("While nobody looked.");
      await all.clock.advance(ms);
      expect([tab?.text, tab?.ending]).toEqual(["", null]);
      await all.server.end();
      await all.clock.advance(15_000);
      expect([tab?.text, tab?.ending?.kind]).toEqual(["While nobody looked.", "done"]);
      expect([all.server.open, all.clock.timerCount]).toEqual([[], 0]);
      stop(all);
    },
  );

  it("let go of everything, whenever they are hidden or left while they begin", async () => {
    for (let ms = 0; ms <= 300; ms += 10) {
      for (const [isLeft, isHidden] of [
        [true, false],
        [false, false],
        [true, true],
        [false, true],
      ]) {
        const all = browser(2);
        const [tab, other] = all.tabs;
        if (isHidden) await tab?.environment.emit("hide");
        await tab?.follow();
        await all.clock.advance(ms);
        if (isLeft) tab?.abort.abort();
        else await tab?.environment.emit("hide");
        await all.clock.advance(1000);
        expect(all.server.open).toEqual([]);
        if (!isLeft) await tab?.environment.emit("show");
        await all.clock.advance(ms);
        await other?.follow();
        await all.clock.advance(1000);
        expect(all.server.open).toHaveLength(1);
        await all.server.end();
        await all.clock.advance(1000);
        expect(all.tabs.map(({ ending }) => ending?.kind)).toEqual([isLeft ? "left" : "done", "done"]);
        expect([all.server.open, all.clock.timerCount]).toEqual([[], 0]);
        stop(all);
      }
    }
  });

  it("that is frozen reads none, and goes on where it was when it comes back", async () => {
    const all = browser(1);
    const [tab] = all.tabs;
    await tab?.follow();
    await all.clock.advance(400);
    await tab?.environment.emit("suspend");
    expect(all.server.open).toEqual([]);
    await all.server.grow("Meanwhile.");
    await tab?.environment.emit("resume");
    await all.clock.advance(400);
    expect([tab?.text, all.server.open]).toEqual(["Meanwhile.", ["tab-0"]]);
    stop(all);
  });
});

type Doing = (all: Browser, tab: ReadingTab) => Promise<void>;

const DOINGS: Readonly<Record<string, Doing>> = {
  grow: ({ server }) => server.grow(`${server.events.length} `),
  follow: async ({ server }, tab) => {
    if (tab.ending === null && tab.text === "" && !server.isOver) await tab.follow();
  },
  hide: (_all, tab) => tab.environment.emit("hide"),
  show: (_all, tab) => tab.environment.emit("show"),
  freeze: (_all, tab) => tab.environment.emit("suspend"),
  thaw: (_all, tab) => tab.environment.emit("resume"),
  hang: async (_all, tab) => void (tab.isMute = true),
  wake: async (_all, tab) => void (tab.isMute = false),
  cut: ({ server }) => server.cut(),
  moment: ({ clock }) => clock.advance(110),
  wait: ({ clock }) => clock.advance(700),
  waitLong: ({ clock }) => clock.advance(20_000),
  end: ({ server }) => server.end(),
};

const step = fc.tuple(fc.constantFrom(...Object.keys(DOINGS)), fc.nat(3));

it("[DEV-13] [TURN-4] whatever tabs and network do, one stream is left, none of a hidden tab, and each tab that reads has each word once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const all = browser(4);
      await all.server.grow("First ");
      await all.tabs[0]?.follow();
      const reading = new Set(all.tabs.slice(0, 1));
      for (const [name, index] of steps) {
        const tab = all.tabs[index];
        if (!tab || (name === "follow" && reading.has(tab))) continue;
        if (name === "follow" && !all.server.isOver) reading.add(tab);
        await DOINGS[name]?.(all, tab);
      }
      for (const tab of all.tabs) tab.isMute = false;
      await all.clock.advance(30_000);
      await all.server.grow("last ");
      await all.clock.advance(1000);
      const isShown = (index: number): boolean => all.tabs[index]?.environment.isVisible === true;
      expect(all.server.open.length).toBeLessThanOrEqual(1);
      expect(all.server.open.every((name) => isShown(Number(name.slice(4))))).toBe(true);
      await all.server.end();
      await all.clock.advance(120_000);
      for (const tab of reading) expect([tab.text, tab.ending?.kind]).toEqual([all.server.text, "done"]);
      expect([all.server.open, all.clock.timerCount]).toEqual([[], 0]);
      stop(all);
    }),
    { numRuns: 300 },
  );
});
