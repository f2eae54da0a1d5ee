/** From a search's result to its message, and on from there: the whole page over a device in a test's hands. */
import type { Message } from "@instep/protocol";
import { fireEvent, screen } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import { detail, full, idOf, increment, message, row } from "./scripted-device.ts";
import { wholePage, type WholePage } from "./whole-page.tsx";
import { conversationPath } from "../src/routing/route.ts";

const A = idOf("a");

interface Found extends WholePage {
  readonly click: (name: RegExp) => Promise<void>;
  readonly shown: () => { readonly found: string[]; readonly seqs: number[] };
}

/** Results for a message (20), and for the title, of a conversation of a hundred messages. */
async function withResults(): Promise<Found> {
  const whole = await wholePage();
  const { transport, settle, page, container } = whole;
  transport.answers.open = () => detail("a", 100, { loaded: 4 });
  transport.answers.messages = (_id: unknown, { around = 0 }: { around?: number }) => {
    const messages: Message[] = [around - 1, around, around + 1].map((seq) => message("a", seq));
    const cursors = { has_older: true, older_cursor: String(around - 1), has_newer: true, newer_cursor: null };
    return { messages, message_pagination: { total_count: 100, ...cursors } };
  };
  const result = { conversation_id: A, title: "Conversation a", updated_at: "2026-01-01T12:00:00.000000Z" };
  transport.answers.search = () => ({
    results: [
      { ...result, snippet: "By message", message_id: message("a", 20).id, seq: 20 },
      { ...result, snippet: "", message_id: null, seq: null },
    ],
    next_cursor: null,
  });
  await transport.last.answer(full(100, [row("a", 100)]));
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: "by" } });
  await settle();
  page.advance(200);
  await settle();
  const seqsOf = (selector: string) =>
    [...container.querySelectorAll(selector)].map((element) => element.getAttribute("data-seq") ?? "");
  return {
    ...whole,
    click: async (name) => {
      fireEvent.click(screen.getByRole("link", { name }));
      await settle();
    },
    shown: () => ({ found: seqsOf(".message.found"), seqs: seqsOf(".message").map(Number) }),
  };
}

const AT_HIT = { found: ["20"], seqs: [19, 20, 21] };
const AT_END = { found: [], seqs: [97, 98, 99, 100] };

test("a result opens its message, however often it is pressed, and a title the end; the address is the conversation's", async () => {
  const { click, shown, transport } = await withResults();
  const entries = window.history.length;
  for (let times = 0; times < 2; times++) {
    await click(/By message/);
    expect(shown()).toEqual(AT_HIT);
    expect(location.pathname + location.search + location.hash).toBe(conversationPath(A));
  }
  expect(transport.named("messages").map(([, asked]) => asked)).toMatchObject([{ around: 20 }, { around: 20 }]);
  expect(window.history.length).toBe(entries + 1);
  await click(/^Conversation a$/);
  expect(shown()).toEqual(AT_END);
  expect(transport.named("open")).toHaveLength(1);
});

test("back and forward lead to the message and away from it", async () => {
  const whole = await withResults();
  await whole.click(/By message/);
  const entry: unknown = window.history.state;
  window.history.pushState(null, "", "/");
  fireEvent.popState(window);
  await whole.settle();
  expect(whole.shown().seqs).toEqual([]);
  window.history.replaceState(entry, "", conversationPath(A));
  fireEvent.popState(window);
  await whole.settle();
  expect(whole.shown()).toEqual(AT_HIT);
});

test("Back that closes only what lay over the page leads nowhere: the message is neither asked for nor brought into view again", async () => {
  const scrolled = vi.spyOn(Element.prototype, "scrollIntoView").mockReturnValue();
  const whole = await withResults();
  await whole.click(/By message/);
  const before = [whole.transport.calls.length, scrolled.mock.calls.length, whole.shown()];
  fireEvent.popState(window);
  await whole.settle();
  expect([whole.transport.calls.length, scrolled.mock.calls.length, whole.shown()]).toEqual(before);
  scrolled.mockRestore();
});

test("the way to the latest leads there, and takes the message from the history", async () => {
  const whole = await withResults();
  await whole.click(/By message/);
  fireEvent.click(screen.getByRole("button", { name: "Jump to latest" }));
  await whole.settle();
  expect(whole.shown()).toEqual(AT_END);
  expect(window.history.state).toBeNull();
});

test("[DEV-9] the way to the latest that says how many are new leads to those, as the banner does", async () => {
  const whole = await withResults();
  const { transport, environment, settle } = whole;
  await whole.click(/By message/);
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [row("a", 102, { at: 110 })]));
  await settle();
  transport.answers.messages = (_id: unknown, { after = 0 }: { after?: number }) => ({
    messages: [1, 2].map((by) => message("a", after + by)),
    message_pagination: { total_count: 102, last_seq: 102, has_older: true, older_cursor: "101", has_newer: false },
  });
  fireEvent.click(screen.getByRole("button", { name: "Jump to latest, 2 new" }));
  await settle();
  expect(whole.shown().seqs).toEqual([...AT_END.seqs, 101, 102]);
  expect(whole.container.querySelector(".new-messages-divider")).not.toBeNull();
  expect(screen.queryByRole("button", { name: /2 new/ })).toBeNull();
  expect(window.history.state).toBeNull();
});

test("a message that is sent from there goes on at the end, also when the page is opened anew", async () => {
  const whole = await withResults();
  await whole.click(/By message/);
  const box = screen.getByRole("textbox", { name: "Message" });
  fireEvent.input(box, { target: { value: "On from here" } });
  await whole.settle();
  fireEvent.click(screen.getByRole("button", { name: /send/i }));
  await whole.settle();
  expect(whole.shown().seqs.slice(0, 4)).toEqual(AT_END.seqs);
  expect(whole.container.textContent).toContain("On from here");
  expect(window.history.state).toBeNull();
});

test.each(["Ask again", "Edit message"])("after %s there one goes on at the end", async (deed) => {
  const whole = await withResults();
  const press = async (name: string) => {
    fireEvent.click(screen.getAllByRole("button", { name })[0] ?? document.body);
    await whole.settle();
  };
  await whole.click(/By message/);
  await press(deed);
  if (deed === "Edit message") {
    fireEvent.input(screen.getByRole("textbox", { name: deed }), { target: { value: "Other words" } });
    await whole.settle();
    await press("Send");
  }
  expect(whole.shown().seqs.slice(0, 4)).toEqual(AT_END.seqs);
  expect(window.history.state).toBeNull();
});

test("[DEV-9] what came elsewhere, shown from there, leads to the end, also when the page is opened anew", async () => {
  const whole = await withResults();
  await whole.click(/By message/);
  void whole.device.sync.incrementalSync();
  await whole.transport.last.answer(increment(110, [row("a", 102, { at: 110 })]));
  await whole.settle();
  fireEvent.click(screen.getByRole("button", { name: "Show" }));
  await whole.settle();
  expect(window.history.state).toBeNull();
});

test("[DEV-9] where more is unread than is loaded, the way to the first of it leads there", async () => {
  const whole = await wholePage();
  const { transport, settle, device } = whole;
  transport.answers.open = () => detail("a", 100, { loaded: 4 });
  transport.answers.messages = (_id: unknown, { around = 0 }: { around?: number }) => ({
    messages: [around - 1, around, around + 1].map((seq) => message("a", seq)),
    message_pagination: { total_count: 100, has_older: true, older_cursor: "1", has_newer: true, newer_cursor: null },
  });
  await transport.last.answer(full(100, [row("a", 50)]));
  void device.sync.incrementalSync();
  await transport.last.answer(increment(110, [row("a", 100, { at: 110 })]));
  await settle();
  window.history.pushState(null, "", conversationPath(A));
  fireEvent.popState(window);
  await settle();
  fireEvent.click(screen.getByRole("button", { name: "Jump to first unread" }));
  await settle();
  const seqs = [...document.querySelectorAll(".message")].map((element) => element.getAttribute("data-seq"));
  expect(seqs).toEqual(["50", "51", "52"]);
});

/** Notes what is brought into view, from here on. */
function noteScrolls(): (string | null)[] {
  const scrolled: (string | null)[] = [];
  Element.prototype.scrollIntoView = function scrollIntoView(this: Element) {
    scrolled.push(this.getAttribute("data-seq"));
  };
  return scrolled;
}

test("where the message that was found is there no more, what came after it is brought into view", async () => {
  const scrolled = noteScrolls();
  const { click, transport } = await withResults();
  transport.answers.messages = () => ({
    messages: [19, 21, 22].map((seq) => message("a", seq)),
    message_pagination: { total_count: 100, has_older: true, older_cursor: "19", has_newer: true, newer_cursor: null },
  });
  await click(/By message/);
  expect(scrolled).toEqual(["21"]);
});

test("the message is brought into view once, and not again when what follows comes in", async () => {
  const scrolled = noteScrolls();
  const whole = await withResults();
  await whole.click(/By message/);
  expect(scrolled).toEqual(["20"]);
  const ids = [22, 23].map((seq) => message("a", seq));
  const cursors = { has_older: true, older_cursor: "22", has_newer: true, newer_cursor: null };
  whole.transport.answers.messages = () => ({
    messages: ids,
    message_pagination: { total_count: 100, ...cursors },
  });
  await whole.device.views.loadLater(A);
  await whole.settle();
  expect(whole.shown().seqs.slice(-2)).toEqual([22, 23]);
  expect(scrolled).toEqual(["20"]);
});

test("[MSG-5] an earlier version at a hit stays, with nothing loaded after it, whatever was on its way", async () => {
  const whole = await withResults();
  const { transport, container, settle } = whole;
  const around = (...seqs: readonly number[]) => ({
    messages: seqs.map((seq) => message("a", seq, { ...(seq === 20 && { version_count: 1 }) })),
    message_pagination: { total_count: 100, has_older: false, older_cursor: null, has_newer: true, newer_cursor: null },
  });
  transport.answers.messages = () => around(19, 20, 21);
  await whole.click(/By message/);
  const [later, listed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  transport.answers.messages = async () => {
    await later.promise;
    return around(22, 23);
  };
  transport.answers.versions = async () => {
    await listed.promise;
    const messages = [message("a", 20, { id: "earlier", content: "What once stood here" })];
    return { versions: [{ version_id: "v", replaced_at: "2026-01-01T12:00:00.000000Z", messages }] };
  };
  const log = screen.getByRole("log");
  fireEvent.scroll(log);
  fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
  for (const { resolve } of [later, listed]) {
    resolve();
    await settle();
  }
  expect(container.textContent).toContain("What once stood here");
  expect(whole.shown().seqs).toEqual([19, 20]);
  const asked = transport.named("messages").length;
  fireEvent.scroll(log);
  await settle();
  expect(transport.named("messages")).toHaveLength(asked);
  expect(container.textContent).toContain("What once stood here");
  expect(container.querySelector(".messages-note.later")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Back to the current one" }));
  await settle();
  expect(whole.shown().seqs).toEqual([19, 20, 21, 22, 23]);
});

/** The same; of the messages these have an earlier version. */
async function withVersions(...replaced: readonly number[]) {
  const whole = await withResults();
  const { transport, settle } = whole;
  const marked = (one: Message) => ({ ...one, ...(replaced.includes(one.seq) && { version_count: 1 }) });
  const opened = detail("a", 100, { loaded: 4 });
  transport.answers.open = () => ({ ...opened, messages: opened.messages.map(marked) });
  transport.answers.messages = (_id: unknown, { around = 0 }: { around?: number }) => ({
    messages: [-2, -1, 0, 1, 2].map((by) => marked(message("a", around + by))),
    message_pagination: { total_count: 100, has_older: true, older_cursor: "1", has_newer: true, newer_cursor: null },
  });
  transport.answers.versions = (_id: string, seq: number) => {
    const messages = [message("a", seq, { id: "earlier", content: "What once stood here" })];
    return { versions: [{ version_id: "v", replaced_at: "2026-01-01T12:00:00.000000Z", messages }] };
  };
  const look = async () => {
    fireEvent.click(screen.getByRole("button", { name: "Previous version" }));
    await settle();
    expect(isLookedAt()).toBe(true);
  };
  const isLookedAt = () => screen.queryByText("What once stood here") !== null;
  return { ...whole, look, isLookedAt };
}

test("[MSG-5] what was looked at is over where one goes on to another place of the conversation", async () => {
  const { click, look, isLookedAt, shown, settle, device } = await withVersions(19);
  await click(/By message/);
  for (const seq of [50, 21, 20]) {
    await look();
    await device.views.openConversation(A, seq);
    await settle();
    expect([isLookedAt(), shown()]).toEqual([
      false,
      { found: [`${seq}`], seqs: [-2, -1, 0, 1, 2].map((by) => seq + by) },
    ]);
    await click(/By message/);
  }
});

test("[MSG-5] what was looked at does not come back by itself with the place that it was looked at in", async () => {
  const { click, look, isLookedAt, shown } = await withVersions(20, 99);
  await click(/By message/);
  await look();
  await click(/^Conversation a$/);
  expect([isLookedAt(), shown()]).toEqual([false, AT_END]);
  await look();
  await click(/By message/);
  expect([isLookedAt(), shown().found]).toEqual([false, ["20"]]);
  await click(/^Conversation a$/);
  expect([isLookedAt(), shown()]).toEqual([false, AT_END]);
});
