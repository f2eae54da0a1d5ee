/** A message that was refused, on the whole page: what each of its buttons does to it and to what is being written. */
import { fireEvent, screen, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { detail, full, idOf, increment, row } from "../../test/scripted-device.ts";
import { NEW_CHAT, NEW_INSTRUCTIONS } from "../composer/drafts.ts";
import { wholePage, type WholePage } from "../../test/whole-page.tsx";
import { failure } from "../sync/device.ts";

const A = idOf("a");
const TOO_LONG = { ...failure("message_too_long", ""), status: 422 };

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
const buttons = () => [...document.querySelectorAll(".send-actions button")].map((button) => button.textContent);
const pendingTexts = () =>
  [...document.querySelectorAll(".message.pending .message-content")].map((e) => e.textContent);

test("[DEV-12] Edit takes the text back under what is being written, and goes on there", async () => {
  const { drafts, settle } = await refused();
  press("Edit");
  await settle();
  expect([pendingTexts(), drafts.get(A)]).toEqual([[], "draft\n\nrefused"]);
  expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Message" }));
});

test("[DEV-12] the second click of a double one, meant for what stood there before, takes nothing back by Edit", async () => {
  const { drafts, settle } = await refused();
  press("Edit", 2);
  await settle();
  expect([pendingTexts(), drafts.get(A)]).toEqual([["refused"], "draft"]);
  press("Edit");
  await settle();
  expect([pendingTexts(), drafts.get(A)]).toEqual([[], "draft\n\nrefused"]);
});

test("[DEV-12] Discard takes it away, and drops nothing of what is being written", async () => {
  const { drafts, settle } = await refused();
  press("Discard");
  await settle();
  expect([pendingTexts(), drafts.get(A).startsWith("draft")]).toEqual([[], true]);
});

test("[DEV-12] what is written while a reply runs is queued under it, and can be edited and taken back, with the draft kept", async () => {
  const { drafts, settle, transport } = await wholePage(`/c/${A}`);
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
});

test("[DEV-12] a message that the server could not take goes again when it is retried, and not only once its time has come", async () => {
  const { transport, settle } = await refused();
  transport.refusals = [{ ...failure("unavailable", ""), status: 503, retryAfterMs: 600_000 }];
  press("Retry");
  await settle();
  expect(screen.getByText("Waiting to send. The server can't answer just now.")).toBeTruthy();
  const tries = transport.named("sendStream").length;
  press("Retry");
  await settle();
  expect(transport.named("sendStream")).toHaveLength(tries + 1);
});

test("[DEV-12] a second click on Retry does not hit the Discard that stands there by then", async () => {
  const { transport, settle, page } = await refused();
  transport.refusals = [{ ...failure("unreachable", "") }];
  press("Retry");
  await settle();
  expect(buttons()).toEqual(["Retry", "Edit", "Discard"]);
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
});

test("[DEV-10] a message whose chat was deleted goes under the draft of a new chat, and one that may have arrived is not called unsent", async () => {
  const GONE = { ...failure("conversation_trashed", ""), status: 404 };
  for (const [refusals, words] of [
    [[GONE], "Your message wasn't sent"],
    [[failure("unreachable", ""), GONE], "perhaps before your message reached it"],
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
});

/** A new chat whose first messages could not be sent, with what is written in it and in the next new chat. */
async function begunOffline(...texts: readonly string[]): Promise<WholePage & { readonly begun: string }> {
  const whole = await wholePage();
  const { transport, device, drafts, settle } = whole;
  transport.answers.open = () => detail("a", 10);
  await transport.last.answer(full(100, [row("a", 10)]));
  drafts.set(NEW_INSTRUCTIONS, "Be brief.");
  transport.answers.create = () => TOO_LONG;
  drafts.set(NEW_CHAT, "hello");
  await settle();
  press("Send");
  await settle();
  const begun = location.pathname.slice("/c/".length);
  for (const text of texts) await device.turns.send(begun, text);
  drafts.set(begun, "draft");
  drafts.set(NEW_CHAT, "another");
  await settle();
  return { ...whole, begun };
}

test("[DEV-12] what is taken back from a new chat that the server does not have goes on in a new chat, with its instructions", async () => {
  for (const name of ["Edit", "Discard"]) {
    const { begun, drafts, device, settle, unmount } = await begunOffline();
    const entries = window.history.length;
    press(name);
    await settle();
    expect([location.pathname, window.history.length]).toEqual(["/", entries]);
    expect([drafts.get(NEW_CHAT), drafts.get(begun)]).toEqual(["another\n\ndraft\n\nhello", ""]);
    expect(drafts.get(NEW_INSTRUCTIONS)).toBe("Be brief.");
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Message" }));
    device.stop();
    unmount();
  }
});

test("[DEV-12] a new chat that the server does not have offers nothing that could only be done there", async () => {
  const { settle } = await begunOffline();
  const options = () => screen.queryAllByRole("button", { name: "Chat options" }).length;
  expect(options()).toBe(0);
  window.history.pushState(null, "", `/c/${A}`);
  fireEvent.popState(window);
  await settle();
  expect(options()).toBe(1);
});

test("[DEV-12] [TURN-10] what is taken back from such a chat has its instructions and its model also after a reload, and takes none from a next one", async () => {
  const models = ["demo", "large", "small"].map((id) => ({ id, name: id }));
  const first = await wholePage("/", { models });
  await first.transport.last.answer(full(100, []));
  first.transport.answers.create = () => TOO_LONG;
  first.drafts.set(NEW_INSTRUCTIONS, "Be brief.");
  const choose = (value: string) => userEvent.selectOptions(screen.getByRole("combobox", { name: "Model" }), value);
  const chosen = () => screen.getByRole<HTMLSelectElement>("combobox", { name: "Model" }).value;
  await first.settle();
  await choose("large");
  for (const text of ["hello", "and more"]) {
    first.drafts.set(location.pathname === "/" ? NEW_CHAT : location.pathname.slice(3), text);
    await first.settle();
    press("Send");
    await first.settle();
  }
  const begun = location.pathname;
  first.device.stop();
  first.unmount();
  const { settle, drafts, transport } = await wholePage(
    begun,
    { models, localStore: first.localStore },
    { keyValue: first.page.keyValue },
  );
  await transport.last.answer(full(100, []));
  await settle();
  expect(drafts.get(NEW_INSTRUCTIONS)).toBe("");
  for (const name of ["Discard", "Edit"]) {
    fireEvent.click(screen.getAllByRole("button", { name })[0] as HTMLElement, { detail: 1 });
    await settle();
  }
  expect([location.pathname, drafts.get(NEW_CHAT)]).toEqual(["/", "hello\n\nand more"]);
  expect([drafts.get(NEW_INSTRUCTIONS), chosen()]).toEqual(["Be brief.", "large"]);
  await choose("small");
  transport.answers.create = () => TOO_LONG;
  press("Send");
  await settle();
  press("Discard");
  await settle();
  expect([drafts.get(NEW_INSTRUCTIONS), chosen()]).toEqual(["Be brief.", "small"]);
});

test("[DEV-12] the instructions of a next new chat stay as they are when one is taken back", async () => {
  const { drafts, settle } = await begunOffline();
  drafts.set(NEW_INSTRUCTIONS, "Be rude.");
  press("Edit");
  await settle();
  expect(drafts.get(NEW_INSTRUCTIONS)).toBe("Be rude.");
});

test("[DEV-12] a new chat in which another message still waits stays open until that one is taken back too", async () => {
  const { begun, drafts, settle } = await begunOffline("and more");
  fireEvent.click(screen.getAllByRole("button", { name: "Discard" })[1] as HTMLElement, { detail: 1 });
  await settle();
  expect([location.pathname, drafts.get(begun)]).toEqual([`/c/${begun}`, "draft\n\nand more"]);
  press("Discard");
  await settle();
  expect([location.pathname, drafts.get(NEW_CHAT)]).toEqual(["/", "another\n\ndraft\n\nand more\n\nhello"]);
});

test("[DEV-12] who opens something else while a new chat is taken back stays there, and finds the words in a new chat", async () => {
  const { drafts, settle } = await begunOffline();
  press("Discard");
  window.history.pushState(null, "", `/c/${A}`);
  fireEvent.popState(window);
  await settle();
  expect([location.pathname, drafts.get(NEW_CHAT)]).toEqual([`/c/${A}`, "another\n\ndraft\n\nhello"]);
});

test("who opens something else while a new chat is begun stays there", async () => {
  const { transport, drafts, settle } = await wholePage("/", {});
  await transport.last.answer(full(100, [row("a", 10)]));
  await settle();
  drafts.set("new", "hello");
  await settle();
  press("Send");
  window.history.pushState(null, "", `/c/${A}`);
  fireEvent.popState(window);
  await settle();
  expect(location.pathname).toBe(`/c/${A}`);
});
