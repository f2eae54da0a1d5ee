/** A message that was refused, on the whole page: what each of its buttons does to it and to what is being written. */
import { fireEvent, screen, within } from "@testing-library/preact";
import { expect, test } from "vitest";
import { full, idOf, increment, row } from "../../../../packages/sync-client/test/scripted-server.ts";
import { detail } from "../../../../packages/sync-client/test/scripted-transport.ts";
import { failure } from "../../test/failures.ts";
import { wholePage, type WholePage } from "../../test/whole-page.tsx";

const A = idOf("a");
const TOO_LONG = { ...failure("message_too_long"), status: 422 };

/** A page with a message that was refused, and a draft in the box. */
async function refused(): Promise<WholePage> {
  const whole = await wholePage(`/c/${A}`);
  const { transport, device, drafts, settle } = whole;
  transport.answers.open = () => detail("a", 10);
  await transport.last.answer(full(100, [row("a", 10)]));
  transport.refusals = [TOO_LONG];
  await device.turns.send(A, "refused");
  drafts.set(A, "draft");
  await settle();
  return whole;
}

const press = (name: string, detail = 1) => fireEvent.click(screen.getByRole("button", { name }), { detail });
const pendingTexts = () =>
  [...document.querySelectorAll(".message.pending .message-content")].map((e) => e.textContent);

test("[DEV-12] Edit takes the text back under what is being written, and goes on there", async () => {
  const { drafts, device, settle } = await refused();
  press("Edit");
  await settle();
  expect([pendingTexts(), drafts.get(A)]).toEqual([[], "draft\n\nrefused"]);
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Message" }));
  device.stop();
});

test("[DEV-12] Discard takes it away, and drops nothing of what is being written", async () => {
  const { drafts, device, settle } = await refused();
  press("Discard");
  await settle();
  expect([pendingTexts(), drafts.get(A).startsWith("draft")]).toEqual([[], true]);
  device.stop();
});

test("[DEV-12] what is written while a reply runs is queued under it, and can be edited and taken back, with the draft kept", async () => {
  const { drafts, device, settle, transport } = await wholePage(`/c/${A}`);
  transport.answers.open = () => detail("a", 10);
  await transport.last.answer(full(100, [row("a", 10)]));
  for (const text of ["first", "second", "third"]) {
    drafts.set(A, text);
    await settle();
    press("Send");
    await settle();
  }
  drafts.set(A, "draft");
  const queued = [...document.querySelectorAll('.message.pending[data-state="queued"]')];
  expect(queued.map((each) => each.querySelector(".message-content")?.textContent)).toEqual(["second", "third"]);
  expect(screen.getByRole("button", { name: "Stop" })).toBeTruthy();
  const pressIn = (index: number, name: string) =>
    fireEvent.click(within(queued[index] as HTMLElement).getByRole("button", { name }), { detail: 1 });
  pressIn(1, "Edit");
  await settle();
  expect([pendingTexts(), drafts.get(A)]).toEqual([["first", "second"], "draft\n\nthird"]);
  pressIn(0, "Take back");
  await settle();
  expect([pendingTexts(), drafts.get(A)]).toEqual([["first"], "draft\n\nthird\n\nsecond"]);
  expect(transport.named("sendStream")).toHaveLength(1);
  device.stop();
});

test("[DEV-12] a second click on Retry does not hit the Discard that stands there by then", async () => {
  const { transport, device, settle, page } = await refused();
  transport.refusals = [{ ...failure("unreachable") }];
  press("Retry");
  await settle();
  expect(screen.queryByRole("button", { name: "Retry" })).toBeNull();
  press("Discard", 2);
  press("Discard");
  await settle();
  expect(pendingTexts()).toEqual(["refused"]);
  page.advance(700);
  press("Discard", 2);
  expect(pendingTexts()).toEqual(["refused"]);
  press("Discard");
  await settle();
  expect(pendingTexts()).toEqual([]);
  device.stop();
});

test("[DEV-10] a message whose chat was deleted goes under the draft of a new chat, and one that may have arrived is not called unsent", async () => {
  const GONE = { ...failure("conversation_trashed"), status: 404 };
  for (const [refusals, words] of [
    [[GONE], "Your message wasn't sent"],
    [[failure("unreachable"), GONE], "perhaps before your message reached it"],
  ] as const) {
    const { transport, device, drafts, settle, environment, unmount } = await wholePage();
    await transport.last.answer(full(100, [row("a", 10)]));
    drafts.set("new", "draft");
    transport.refusals = [...refusals];
    await device.turns.send(A, "orphan");
    await environment.advance(40_000);
    await settle();
    expect(screen.getByRole("alert").textContent).toContain(words);
    expect(drafts.get("new")).toBe("draft\n\norphan");
    window.history.pushState(null, "", "/c/elsewhere");
    fireEvent.popState(window);
    await settle();
    press("Open");
    await settle();
    expect(location.pathname).toBe("/");
    device.stop();
    unmount();
  }
});

test("[DEV-10] a draft of a chat that was deleted is carried under what is written in a new one, and Restore takes it back", async () => {
  const { transport, device, drafts, settle } = await wholePage(`/c/${A}`);
  transport.answers.open = () => detail("a", 10);
  await transport.last.answer(full(100, [row("a", 10)]));
  drafts.set("new", "another");
  drafts.set(A, "draft");
  await settle();
  const entries = window.history.length;
  void device.sync.incrementalSync();
  await transport.last.answer(increment(110, [], [A]));
  await settle();
  expect([location.pathname, drafts.get("new"), drafts.get(A)]).toEqual(["/", "another\n\ndraft", ""]);
  // What is gone is no place to come back to.
  expect(window.history.length).toBe(entries);
  transport.answers.restore = () => ({ ...detail("a", 10) });
  press("Restore");
  await settle();
  expect([location.pathname, drafts.get("new"), drafts.get(A)]).toEqual([`/c/${A}`, "another", "draft"]);
  device.stop();
});

test("who opens something else while a new chat is begun stays there", async () => {
  const { transport, device, drafts, settle } = await wholePage("/", {});
  await transport.last.answer(full(100, [row("a", 10)]));
  await settle();
  drafts.set("new", "hello");
  await settle();
  press("Send");
  window.history.pushState(null, "", `/c/${A}`);
  fireEvent.popState(window);
  await settle();
  expect(location.pathname).toBe(`/c/${A}`);
  device.stop();
});
