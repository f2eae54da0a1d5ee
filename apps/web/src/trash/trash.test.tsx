/** The trash on the whole page: what stands in it is the newest answer, and what is done there is done to that one. */
import type { TrashedConversation } from "@instep/protocol";
import { fireEvent, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { detail, full, idOf, increment, row, summary, tick } from "../../test/scripted-device.ts";
import { wholePage, type WholePage } from "../../test/whole-page.tsx";
import { failure } from "../sync/device.ts";

function trashed(...names: string[]): TrashedConversation[] {
  return names.map((name) => ({ ...summary(name, 2), deleted_at: tick(5), purge_at: tick(6) }));
}

/** The newest two of four messages, or those before them. */
function twoOf(half: "newest" | "earlier") {
  const { messages, message_pagination: rest } = detail("x", 4);
  const [from, older] = half === "newest" ? [2, "3"] : [0, null];
  return {
    messages: messages.slice(from, from + 2),
    message_pagination: { ...rest, has_older: older !== null, older_cursor: older },
  };
}

async function lookInside({ settle }: WholePage): Promise<void> {
  fireEvent.click(document.querySelector(".trash-open") ?? document.body);
  await settle();
}

const words = () => [...document.querySelectorAll(".trash-message")].map((each) => each.textContent);
const button = (name: string) => screen.queryByRole("button", { name });
const NEWEST = ["Youmessage 3", "Replymessage 4"];
const ALL = ["Youmessage 1", "Replymessage 2", ...NEWEST];

/** The trash, opened; each of its questions waits until the test answers it. */
async function trash() {
  const whole = await wholePage();
  const { transport, settle } = whole;
  const asked: { readonly from: unknown; readonly resolve: (answer: unknown) => void }[] = [];
  transport.answers.trash = (from: unknown) => new Promise((resolve) => asked.push({ from, resolve }));
  await transport.last.answer(full(100, [row("a", 10)]));
  await settle();
  const press = async (name: string, index = 0) => {
    fireEvent.click(screen.getAllByRole("button", { name })[index] ?? document.body);
    await settle();
  };
  const answer = async (number: number, names: readonly string[], next: string | null = null) => {
    asked[number]?.resolve({ conversations: trashed(...names), next_cursor: next });
    await settle();
  };
  await press("Trash");
  const titles = () => [...document.querySelectorAll(".trash-title")].map((title) => title.textContent?.at(-1));
  return { ...whole, asked, press, answer, titles };
}

test("pages follow one another, and an answer that was overtaken is dropped", async () => {
  const { asked, answer, press, titles, transport, environment, settle } = await trash();
  expect(document.querySelector(".list-skeleton")).toBeTruthy();
  await answer(0, ["x"], "next");
  await press("Show more");
  await answer(1, ["y"]);
  expect([titles(), screen.queryByRole("button", { name: "Show more" })]).toEqual([["x", "y"], null]);
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [], [idOf("a")]));
  await settle();
  await environment.advance(60_000);
  await transport.last.answer(increment(111, [row("x", 2, { at: 111 })]));
  await settle();
  expect(asked.slice(1).map(({ from }) => from)).toEqual(["next", null, null]);
  await answer(3, ["a", "y"]);
  await answer(2, ["a", "x", "y"]);
  expect(titles()).toEqual(["a", "y"]);
});

test("whoever has got far into the trash stays there, whatever becomes of a chat in it here or elsewhere", async () => {
  const { asked, answer, press, titles, transport, environment, settle } = await trash();
  const hasMore = () => screen.queryByRole("button", { name: "Show more" }) !== null;
  await answer(0, ["r", "s"], "2");
  await press("Show more");
  await answer(1, ["t", "u"], "4");
  await press("Show more");
  await answer(2, ["v", "w", "x"], "7");
  transport.answers.remove = () => ({ status: "erased" });
  await press("Delete for good", 1);
  await press("Delete for good", 1);
  await answer(3, ["r", "t"], "2");
  expect([titles().join(""), hasMore()]).toEqual(["rtuvwx", true]);
  transport.answers.restore = () => row("v", 2);
  await press("Restore", 3);
  await answer(4, ["r", "t"], "2");
  expect(titles().join("")).toBe("rtuwx");
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [row("w", 2, { at: 110 })], [idOf("a")]));
  await settle();
  await answer(5, ["a", "r"], "2");
  expect(titles().join("")).toBe("artux");
  await press("Show more");
  expect(asked.at(-1)?.from).toBe("7");
  await answer(6, ["y"]);
  transport.answers.remove = () => failure("unavailable", "");
  await press("Delete for good", 2);
  await press("Delete for good", 2);
  expect(titles().join("")).toBe("aruxy");
  await answer(7, ["a", "r"], "2");
  expect([titles().join(""), hasMore()], "what it failed at is to be found again").toEqual(["ar", true]);
});

test("a further page that was on its way when something else changed is shown all the same, without what has gone", async () => {
  const { asked, answer, press, titles, transport, environment, settle } = await trash();
  await answer(0, ["r", "s"], "2");
  await press("Show more");
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [row("u", 2, { at: 110 })], [idOf("a")]));
  await settle();
  expect(asked.map(({ from }) => from)).toEqual([null, "2", null]);
  await answer(2, ["a", "r"], "2");
  await answer(1, ["s", "t", "u"], "4");
  expect(titles().join("")).toBe("arst");
  await press("Show more");
  await press("Show more");
  expect(asked.slice(3).map(({ from }) => from)).toEqual(["4", "4"]);
  for (const number of [3, 4]) await answer(number, ["v"], null);
  expect(titles().join(""), "of two answers to one question one counts").toBe("arstv");
});

test("what changes in the list asks nothing of the trash", async () => {
  const { asked, answer, transport, environment, settle } = await trash();
  await answer(0, ["x"]);
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [row("a", 12, { at: 110 })]));
  await settle();
  expect(asked).toHaveLength(1);
});

test("the second click of a double one deletes nothing for good", async () => {
  const { answer, press, titles, settle } = await trash();
  await answer(0, ["x", "y"]);
  for (const [ask, erase] of [
    ["Empty trash", "Delete all for good"],
    ["Delete for good", "Delete for good"],
  ] as const) {
    await press(ask);
    fireEvent.click(screen.getAllByRole("button", { name: erase })[0] ?? document.body, { detail: 2 });
    await settle();
    expect(titles()).toEqual(["x", "y"]);
  }
});

test.each(["Empty trash", "Delete for good"])(
  "Escape at the question of %s keeps all, and the focus is on what asked it",
  async (ask) => {
    const { answer, press, titles, settle } = await trash();
    await answer(0, ["x", "y"]);
    for (const keep of ["Escape", "its button"]) {
      await press(ask);
      const keeping = document.activeElement ?? document.body;
      if (keep === "Escape") fireEvent.keyDown(keeping, { key: "Escape" });
      else fireEvent.click(keeping);
      await settle();
      expect([titles(), screen.getAllByRole("button", { name: ask })[0]]).toEqual([["x", "y"], document.activeElement]);
    }
  },
);

test("Restore takes that one out at once, and what could not be restored is there again, with why", async () => {
  const { answer, press, titles, transport } = await trash();
  await answer(0, ["x", "y"]);
  transport.answers.restore = () => ({ ...failure("conversation_not_found", ""), status: 404 });
  await press("Restore", 1);
  expect([transport.named("restore"), titles()]).toEqual([[[idOf("y")]], ["x"]]);
  expect(screen.getByRole("alert").textContent).toBe("It was deleted for good.");
  await answer(1, ["x", "y"]);
  expect(titles()).toEqual(["x", "y"]);
});

test("Delete for good erases that one, after it was asked once", async () => {
  const { answer, press, titles, transport } = await trash();
  await answer(0, ["x", "y"]);
  await press("Delete for good");
  expect([transport.named("remove"), document.querySelectorAll(".trash-row.asking").length]).toEqual([[], 1]);
  transport.answers.remove = () => failure("unreachable", "");
  await press("Delete for good");
  expect([transport.named("remove"), titles()]).toEqual([[[idOf("x"), true]], ["y"]]);
  expect(screen.getByRole("alert").textContent).toContain(
    "The server can't be reached. Check your connection, then try again.",
  );
  await answer(1, ["x", "y"]);
  expect(titles()).toEqual(["x", "y"]);
});

test("a trash that could not be loaded says why, and is asked for again", async () => {
  const { asked, answer, press, titles, settle } = await trash();
  asked[0]?.resolve(failure("unreachable", ""));
  await settle();
  expect(screen.getByText("The server can't be reached.")).toBeTruthy();
  await press("Try again");
  expect(screen.queryByText("The server can't be reached.")).toBeNull();
  await answer(1, ["x"]);
  expect(titles()).toEqual(["x"]);
});

test("Empty trash asks once, then erases all of it; where that fails it is shown again, and why", async () => {
  const { asked, answer, press, titles, transport } = await trash();
  await answer(0, ["x", "y"]);
  await press("Empty trash");
  await press("Keep all");
  expect(transport.named("emptyTrash")).toEqual([]);
  transport.answers.emptyTrash = () => failure("unavailable", "");
  await press("Empty trash");
  await press("Delete all for good");
  expect(asked).toHaveLength(2);
  await answer(1, ["x", "y"]);
  expect([titles(), document.querySelectorAll(".toast.error").length]).toEqual([["x", "y"], 1]);
  transport.answers.emptyTrash = () => ({ status: "erased" });
  await press("Empty trash");
  await press("Delete all for good");
  await answer(2, []);
  expect([titles(), document.querySelector(".list-empty strong")?.textContent]).toEqual([[], "The trash is empty"]);
});

test("what is deleted while the trash is open, by a clock that is a little ahead, has no more days than it had at first, and fewer in time", async () => {
  const { answer, asked, page, press, settle } = await trash();
  const DAY_MS = 86_400_000;
  const [deleted, purged] = [5000, 5000 + 30 * DAY_MS].map((ms) => new Date(page.now() + ms).toISOString());
  const conversations = trashed("x").map((each) => ({ ...each, deleted_at: deleted, purge_at: purged }));
  asked[0]?.resolve({ conversations, next_cursor: "next" });
  await settle();
  const left = () => document.querySelector(".trash-days")?.textContent?.split(" · ")[1];
  expect(left()).toBe("30 days left");
  page.advance(2 * DAY_MS + 10_000);
  await press("Show more");
  await answer(1, ["y"]);
  expect(left()).toBe("28 days left");
});

test("of what was deleted yesterday the day is named", async () => {
  const { asked, page, settle, device } = await trash();
  const now = new Date(page.now());
  const [today, yesterday] = [0, 1].map((days) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() - days, 0, 1).toISOString(),
  );
  const [x, y] = trashed("x", "y");
  const conversations = [
    { ...x, deleted_at: today },
    { ...y, deleted_at: yesterday },
  ];
  asked[0]?.resolve({ conversations, next_cursor: null });
  await settle();
  const said = [...document.querySelectorAll(".trash-days")].map((each) => each.textContent?.split(" · ")[0]);
  expect(said).toEqual([expect.stringMatching(/^Deleted .*\d/), "Deleted yesterday"]);
  device.stop();
});

test("a look inside shows the newest messages, then older ones, and restores from there", async () => {
  const whole = await trash();
  const { answer, press, settle, transport } = whole;
  await answer(0, ["x"]);
  expect(document.querySelector(".trash-days")?.textContent).toMatch(/^Deleted .+ · \d+ days left$/);
  transport.answers.trashMessages = (_id: string, before: string | null) => twoOf(before ? "earlier" : "newest");
  await lookInside(whole);
  expect(words()).toEqual(NEWEST);
  await press("Show earlier messages");
  expect([words(), button("Show earlier messages")]).toEqual([ALL, null]);
  transport.answers.restore = () => summary("x", 4);
  const restore = [...document.querySelectorAll<HTMLElement>(".trash-look-foot button")];
  fireEvent.click(restore[0] ?? document.body);
  await settle();
  expect([transport.named("restore"), document.querySelector("dialog")]).toEqual([[[idOf("x")]], null]);
});

test("a look inside that fails says why, and there one asks for the same messages again", async () => {
  const whole = await trash();
  const { answer, press, transport } = whole;
  await answer(0, ["x"]);
  const answers = [failure("unreachable", ""), twoOf("newest"), failure("unreachable", ""), twoOf("earlier")];
  transport.answers.trashMessages = () => answers.shift();
  const alert = () => screen.queryByRole("alert")?.textContent ?? null;
  const WHY = "The server can't be reached. Check your connection, then try again.";
  await lookInside(whole);
  expect([alert(), words()]).toEqual([WHY, []]);
  await press("Try again");
  expect([alert(), words(), button("Try again")]).toEqual([null, NEWEST, null]);
  await press("Show earlier messages");
  expect([alert(), words()]).toEqual([WHY, NEWEST]);
  await press("Try again");
  expect([alert(), words(), button("Try again")]).toEqual([null, ALL, null]);
  expect(transport.named("trashMessages").map(([, before]) => before)).toEqual([null, null, "3", "3"]);
});

test("earlier messages that are on their way can't be asked for a second time, and what failed before is no word about them", async () => {
  const whole = await trash();
  const { answer, press, settle, transport } = whole;
  await answer(0, ["x"]);
  const answers: ((value: unknown) => void)[] = [];
  transport.answers.trashMessages = () => new Promise((resolve) => answers.push(resolve));
  await lookInside(whole);
  for (const [index, given] of [failure("unreachable", ""), twoOf("newest"), twoOf("earlier")].entries()) {
    const shown = words();
    expect([button("Try again"), button("Show earlier messages"), screen.queryByRole("alert")]).toEqual([
      null,
      null,
      null,
    ]);
    expect([screen.getByText("Loading…").role, words()]).toEqual(["status", shown]);
    answers[index]?.(given);
    await settle();
    expect(screen.queryByText("Loading…")).toBeNull();
    if (index < 2) await press(index === 0 ? "Try again" : "Show earlier messages");
  }
  expect(words()).toEqual(ALL);
});

test("in a look inside the own words stand as they were written, and the reply's are formatted", async () => {
  const whole = await trash();
  const { answer, transport } = whole;
  await answer(0, ["x"]);
  const { messages, ...rest } = twoOf("newest");
  transport.answers.trashMessages = () => ({
    ...rest,
    messages: messages.map((one) => ({ ...one, content: "so *a* b" })),
  });
  await lookInside(whole);
  expect([words(), document.querySelector(".trash-message em")?.closest("article")?.className]).toEqual([
    ["Youso *a* b", "Replyso a b"],
    "trash-message assistant",
  ]);
});

const note = () => document.querySelector(".list-end p")?.textContent ?? null;
const WHY_NOT = "The server can't be reached.";

test("a further page that can't be had takes nothing away, and is asked for again under what is shown", async () => {
  const { asked, answer, press, titles, settle, device } = await trash();
  await answer(0, ["x"], "1");
  await press("Show more");
  asked[1]?.resolve(failure("unreachable", ""));
  await settle();
  expect([titles(), note(), button("Show more")]).toEqual([["x"], WHY_NOT, null]);
  await press("Try again");
  await answer(2, ["y"]);
  expect(asked.map(({ from }) => from)).toEqual([null, "1", "1"]);
  expect([titles(), note(), button("Try again")]).toEqual([["x", "y"], null, null]);
  device.stop();
});

test("a list that can't be asked for again stays, with the look inside that is open over it", async () => {
  const whole = await trash();
  const { asked, answer, press, titles, transport, environment, settle, device } = whole;
  await answer(0, ["x"]);
  transport.answers.trashMessages = () => twoOf("newest");
  await lookInside(whole);
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [], [idOf("a")]));
  await settle();
  asked[1]?.resolve(failure("unreachable", ""));
  await settle();
  expect([titles(), words(), note()]).toEqual([["x"], NEWEST, WHY_NOT]);
  await press("Try again");
  expect(titles()).toEqual(["x"]);
  await answer(2, ["a", "x"]);
  expect([asked.at(-1)?.from, titles(), note()]).toEqual([null, ["a", "x"], null]);
  device.stop();
});

test.each(["Restore", "Delete for good", "Empty trash"])(
  "what %s could not do is taken back where the server can't say how the trash stands, either",
  async (deed) => {
    const { asked, answer, press, titles, transport, settle, device } = await trash();
    await answer(0, ["x", "y"]);
    for (const call of ["restore", "remove", "emptyTrash"] as const) {
      transport.answers[call] = () => ({ ...failure("forbidden", ""), status: 403 });
    }
    await press(deed);
    if (deed === "Delete for good") await press(deed);
    if (deed === "Empty trash") await press("Delete all for good");
    asked[1]?.resolve(failure("unreachable", ""));
    await settle();
    expect([titles(), note()]).toEqual([["x", "y"], WHY_NOT]);
    await press("Try again");
    await answer(2, ["y"]);
    expect([titles(), note()]).toEqual([["y"], null]);
    device.stop();
  },
);

test("when something was deleted is said by the day that it is, also where midnight passes while one looks", async () => {
  const { transport, settle, page } = await wholePage();
  const deleted_at = new Date(page.now()).toISOString();
  const purge_at = new Date(page.now() + 30 * 86_400_000).toISOString();
  transport.answers.trash = () => ({
    conversations: [{ ...summary("x", 2), deleted_at, purge_at }],
    next_cursor: null,
  });
  await transport.last.answer(full(100, [row("a", 10)]));
  await settle();
  fireEvent.click(screen.getByRole("button", { name: "Trash" }));
  await settle();
  const said = () => document.querySelector(".trash-days")?.textContent;
  expect(said()).toContain("30 days left");
  page.advance(86_400_000);
  await settle();
  expect(said()).toBe("Deleted yesterday · 29 days left");
});
