/** The trash on the whole page: what stands in it is the newest answer, and what is done there is done to that one. */
import type { TrashedConversation } from "@instep/protocol";
import { fireEvent, screen } from "@testing-library/preact";
import { expect, test } from "vitest";
import { full, idOf, increment, row, tick } from "../../../../packages/sync-client/test/scripted-server.ts";
import { summary } from "../../../../packages/sync-client/test/scripted-transport.ts";
import { failure } from "../../test/failures.ts";
import { wholePage } from "../../test/whole-page.tsx";

function trashed(...names: string[]): TrashedConversation[] {
  return names.map((name) => ({ ...summary(name, 2), deleted_at: tick(5), purge_at: tick(6) }));
}

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
  const { asked, answer, press, titles, transport, environment, settle, device } = await trash();
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
  device.stop();
});

test("what changes in the list asks nothing of the trash", async () => {
  const { asked, answer, transport, environment, settle, device } = await trash();
  await answer(0, ["x"]);
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [row("a", 12, { at: 110 })]));
  await settle();
  expect(asked).toHaveLength(1);
  device.stop();
});

test("Restore takes that one out at once, and what could not be restored is there again, with why", async () => {
  const { answer, press, titles, transport, device } = await trash();
  await answer(0, ["x", "y"]);
  transport.answers.restore = () => ({ ...failure("conversation_not_found"), status: 404 });
  await press("Restore", 1);
  expect([transport.named("restore"), titles()]).toEqual([[[idOf("y")]], ["x"]]);
  expect(screen.getByRole("alert").textContent).toBe("It was deleted for good.");
  await answer(1, ["x", "y"]);
  expect(titles()).toEqual(["x", "y"]);
  device.stop();
});

test("Delete for good erases that one, after it was asked once", async () => {
  const { answer, press, titles, transport, device } = await trash();
  await answer(0, ["x", "y"]);
  await press("Delete for good");
  expect([transport.named("remove"), document.querySelectorAll(".trash-row.asking").length]).toEqual([[], 1]);
  transport.answers.remove = () => failure("unreachable");
  await press("Delete for good");
  expect([transport.named("remove"), titles()]).toEqual([[[idOf("x"), true]], ["y"]]);
  expect(screen.getByRole("alert").textContent).toContain("The server can't be reached.");
  await answer(1, ["x", "y"]);
  expect(titles()).toEqual(["x", "y"]);
  device.stop();
});

test("a trash that could not be loaded says why", async () => {
  const { asked, settle, device } = await trash();
  asked[0]?.resolve(failure("unreachable"));
  await settle();
  expect(screen.getByText("The server can't be reached.")).toBeTruthy();
  device.stop();
});
