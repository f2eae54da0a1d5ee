/** Searching: what is shown answers the words that stand, once, however answers come in. */
import { MAX_QUERY_LENGTH, type ConversationId, type SearchAnswer } from "@instep/protocol";
import { fireEvent, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { full, increment, row } from "../../test/scripted-device.ts";
import { wholePage, type WholePage } from "../../test/whole-page.tsx";
import { failure } from "../sync/device.ts";

interface Asked {
  readonly question: string;
  readonly answer: (titles: readonly string[], next?: string | null) => Promise<void>;
  readonly fail: () => Promise<void>;
}

interface Searching extends WholePage {
  readonly asked: Asked[];
  readonly type: (words: string) => Promise<void>;
  readonly titles: () => (string | null)[];
}

const idAt = (index: number) => `00000000-0000-4000-8000-00000000000${index}` as ConversationId;

async function searching(): Promise<Searching> {
  const whole = await wholePage();
  const { transport, settle, page } = whole;
  const asked: Asked[] = [];
  transport.answers.search = (query: string, cursor: string | null) =>
    new Promise((resolve) => {
      const answer = async (titles: readonly string[], next: string | null = null) => {
        const results = titles.map((title, index) => ({
          conversation_id: idAt(index),
          title,
          message_id: null,
          seq: null,
          snippet: "",
          updated_at: "2026-01-01T12:00:00.000000Z",
        }));
        resolve({ results, next_cursor: next } satisfies SearchAnswer);
        await settle();
      };
      const fail = async () => {
        resolve(failure("unreachable", ""));
        await settle();
      };
      asked.push({ question: `${query}@${cursor}`, answer, fail });
    });
  await transport.last.answer(full(100, []));
  await settle();
  const type = async (words: string) => {
    fireEvent.input(screen.getByRole("searchbox"), { target: { value: words } });
    await settle();
    page.advance(150);
    await settle();
  };
  const titles = () => [...document.querySelectorAll(".search-title")].map((title) => title.textContent);
  return { ...whole, asked, type, titles };
}

test("an answer that comes after the words have changed is dropped, also where they are the same again", async () => {
  const { asked, type, titles } = await searching();
  await type("a");
  await type("ab");
  await type("a");
  expect(asked.map(({ question }) => question)).toEqual(["a@null", "ab@null", "a@null"]);
  await asked[2]?.answer(["new"]);
  await asked[0]?.answer(["old"]);
  await asked[1]?.answer(["other"]);
  expect(titles()).toEqual(["new"]);
});

test("Show more that is pressed twice shows the next page once", async () => {
  const { asked, type, titles, settle } = await searching();
  await type("a");
  await asked[0]?.answer(["one"], "next");
  const more = screen.getByRole("button", { name: "Show more" });
  for (let times = 0; times < 2; times++) fireEvent.click(more);
  await settle();
  for (const each of asked.slice(1)) await each.answer(["two"]);
  expect(titles()).toEqual(["one", "two"]);
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});

test("a page that comes after the search was cleared, or begun anew, is dropped", async () => {
  const { asked, type, titles } = await searching();
  await type("a");
  await asked[0]?.answer(["one"], "next");
  fireEvent.click(screen.getByRole("button", { name: "Show more" }));
  await type("");
  await type("a");
  await asked[2]?.answer(["fresh"], "next");
  await asked[1]?.answer(["late"]);
  expect(titles()).toEqual(["fresh"]);
  await type("");
  expect([titles(), screen.queryByText("No chats yet") !== null]).toEqual([[], true]);
});

test("a blank in the search is no search yet: the list stays", async () => {
  const { type } = await searching();
  await type("   ");
  expect([screen.queryByText("No chats yet") !== null, screen.queryByText("Nothing found")]).toEqual([true, null]);
});

test("nothing is asked while one types, nor for blanks, nor after the page has gone", async () => {
  const { asked, type, settle, page, unmount } = await searching();
  await type("   ");
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: "word" } });
  await settle();
  page.advance(149);
  expect(asked).toEqual([]);
  unmount();
  await settle();
  page.advance(1000);
  await settle();
  expect(asked).toEqual([]);
});

test("a search that fails says so, and the next one that succeeds shows what it found", async () => {
  const { asked, type, titles } = await searching();
  await type("a");
  await asked[0]?.fail();
  expect(screen.getByText("The server can't be reached.")).toBeTruthy();
  await type("ab");
  await asked[1]?.answer(["found"]);
  expect([titles(), screen.queryByText("The server can't be reached.")]).toEqual([["found"], null]);
  await type("abc");
  await asked[2]?.answer([]);
  expect(screen.getByText("Nothing found")).toBeTruthy();
});

test("Try again asks for the same words once more", async () => {
  const { asked, type, titles, settle } = await searching();
  await type("a");
  await asked[0]?.fail();
  expect(screen.getByText(/Check your connection, then try again\./)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await settle();
  expect(screen.queryByText("The server can't be reached.")).toBeNull();
  await asked[1]?.answer(["found"]);
  expect([asked.map(({ question }) => question), titles()]).toEqual([["a@null", "a@null"], ["found"]]);
});

test("there is no more of the former words while others are being searched", async () => {
  const { asked, type, titles } = await searching();
  await type("cat");
  await asked[0]?.answer(["cat 1"], "CURSOR-CAT");
  expect(screen.queryByRole("button", { name: "Show more" })).not.toBeNull();
  await type("dog");
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  await asked[1]?.answer(["dog 1"]);
  expect([titles(), asked.map(({ question }) => question)]).toEqual([["dog 1"], ["cat@null", "dog@null"]]);
});

test("what was found follows its conversation: another name, and gone once that is deleted, but there where no sync has told of it yet", async () => {
  const { asked, type, titles, transport, environment, settle } = await searching();
  const follow = async (...news: Parameters<typeof increment>) => {
    await environment.advance(60_000);
    await transport.last.answer(increment(...news));
    await settle();
  };
  const known = { ...row("a", 2), id: idAt(0), title: "one" };
  await follow(110, [known]);
  await type("o");
  await asked[0]?.answer(["one", "two"]);
  await follow(120, [{ ...known, title: "renamed" }]);
  expect(titles()).toEqual(["renamed", "two"]);
  await follow(130, [], [known.id]);
  expect(titles()).toEqual(["two"]);
});

test("a further page that can't be had takes no result away, and is asked for again where it failed", async () => {
  const { asked, type, titles, device, settle } = await searching();
  const press = async (name: string) => {
    fireEvent.click(screen.getByRole("button", { name }));
    await settle();
  };
  const says = () => screen.queryByText("The server can't be reached.") !== null;
  await type("cat");
  await asked[0]?.answer(["cat 1"], "CURSOR-CAT");
  await press("Show more");
  await asked[1]?.fail();
  expect([titles(), says(), screen.queryByRole("button", { name: "Show more" })]).toEqual([["cat 1"], true, null]);
  await press("Try again");
  expect(titles()).toEqual(["cat 1"]);
  await asked[2]?.answer(["cat 2"], "CURSOR-2");
  expect([titles(), says()]).toEqual([["cat 1", "cat 2"], false]);
  await press("Show more");
  await asked[3]?.fail();
  await type("dog");
  expect(says()).toBe(false);
  await asked[4]?.fail();
  expect([titles(), says()], "what was found for other words").toEqual([[], true]);
  await press("Try again");
  await asked[5]?.answer(["dog 1"]);
  expect(titles()).toEqual(["dog 1"]);
  expect(asked.map(({ question }) => question)).toEqual([
    "cat@null",
    "cat@CURSOR-CAT",
    "cat@CURSOR-CAT",
    "cat@CURSOR-2",
    "dog@null",
    "dog@null",
  ]);
  device.stop();
});

test("no field takes more words than a search may have", async () => {
  const { unmount } = await searching();
  fireEvent.keyDown(window, { key: "k", ctrlKey: true });
  const fields = [
    ...screen.getAllByRole<HTMLInputElement>("searchbox"),
    await screen.findByRole<HTMLInputElement>("combobox"),
  ];
  expect(fields.map((field) => field.maxLength)).toEqual([MAX_QUERY_LENGTH, MAX_QUERY_LENGTH]);
  unmount();
});
