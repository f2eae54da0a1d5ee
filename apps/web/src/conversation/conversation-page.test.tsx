/** The open conversation on the whole page: what its buttons do, how it is sent, and what of it is told to whom. */
import { act, fireEvent, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { detail, full, idOf, increment, message, row, summary, turn } from "../../test/scripted-device.ts";
import { memoryKeyValue } from "../../test/test-environment.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { createSettingsStore } from "../settings/settings-store.ts";
import { failure } from "../sync/device.ts";

const [A, B] = [idOf("a"), idOf("b")];

async function page(
  path = `/c/${A}`,
  screenOf: Parameters<typeof wholePage>[2] = {},
  options: Parameters<typeof wholePage>[1] = {},
) {
  const whole = await wholePage(path, options, screenOf);
  const { transport, settle, drafts } = whole;
  transport.answers.open = (id) => detail(id === A ? "a" : "b", 10);
  await transport.last.answer(full(100, [row("a", 10), row("b", 10)]));
  await settle();
  const press = async (name: string, index = 0) => {
    fireEvent.click(screen.getAllByRole("button", { name })[index] ?? document.body);
    await settle();
  };
  const go = async (to: string) => {
    window.history.pushState(null, "", to);
    fireEvent.popState(window);
    await settle();
  };
  const write = async (text: string, id: string = A) => {
    drafts.set(id, text);
    await settle();
  };
  const box = () => screen.queryByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
  return { ...whole, press, go, write, box };
}

test("[MSG-3] edit and ask again send in the place of their message", async () => {
  const { press, transport, settle } = await page();
  await press("Ask again", 4);
  expect(transport.named("sendStream").at(-1)?.[1]).toMatchObject({ replace_from_seq: 10 });
  await transport.stream.feed(...turn("a", 11, ["Hi"]));
  await settle();
  await press("Edit message", 1);
  fireEvent.input(await screen.findByRole("textbox", { name: "Edit message" }), { target: { value: "better" } });
  await settle();
  await press("Send");
  expect(transport.named("sendStream").at(-1)?.[1]).toMatchObject({ message: "better", replace_from_seq: 3 });
});

test("[TURN-5] Stop asks the server to stop this reply, once, and says that it is on its way", async () => {
  const { press, write, transport } = await page();
  await write("hello");
  await press("Send");
  const [start, token] = turn("a", 11, ["Hi"]);
  await transport.stream.feed(start ?? null, token ?? null);
  transport.answers.stopReply = () => new Promise(() => undefined);
  await press("Stop");
  expect(transport.named("stopReply")).toEqual([[A, message("a", 12).id]]);
  expect(screen.getByRole("button", { name: "Stop" })).toMatchObject({ disabled: true, textContent: "Stopping…" });
});

test("[TURN-5] a Stop that fails says why, by whichever way it was pressed, and the reply goes on", async () => {
  const { press, write, transport, settle } = await page();
  await write("hello");
  await press("Send");
  const [start, token, ...end] = turn("a", 11, ["Hi"]);
  await transport.stream.feed(start ?? null, token ?? null);
  transport.answers.stopReply = () => ({ ...failure("unavailable", ""), status: 503 });
  await press("Stop");
  expect(screen.getByRole("alert").textContent).toContain("The server can't answer just now.");
  expect(screen.getByRole("button", { name: "Stop" })).toMatchObject({ disabled: false, textContent: "Stop" });
  await press("Dismiss");
  fireEvent.keyDown(document.body, { key: "Escape" });
  await settle();
  expect(screen.getByRole("alert").textContent).toContain("The server can't answer just now.");
  await press("Dismiss");
  // One that has ended meanwhile has nothing to say.
  let answer: (result: unknown) => void = () => {};
  transport.answers.stopReply = () => new Promise((resolve) => (answer = resolve));
  await press("Stop");
  await transport.stream.feed(...end);
  answer({ ...failure("reply_not_found", ""), status: 404 });
  await settle();
  expect(screen.queryByRole("alert")).toBe(null);
});

test("a reply is asked for in one piece where the settings say so", async () => {
  const { press, write, transport, page: screenOf, settle } = await page();
  await press("Settings");
  fireEvent.click(await screen.findByRole("switch", { name: /written/ }));
  await settle();
  await press("Close");
  await write("hello");
  await press("Send");
  expect([transport.named("sendBatch").length, transport.named("sendStream").length]).toEqual([1, 0]);
  expect(screenOf.keyValue.get("instep.settings")).toContain('"isStreaming":false');
});

test.each([
  ["sendBatch", false],
  ["sendStream", true],
] as const)("asked again and edited, a message goes by %s where the settings say so", async (way, isStreaming) => {
  for (const deed of ["Ask again", "Edit message"]) {
    const keyValue = memoryKeyValue();
    createSettingsStore(keyValue).change({ isStreaming });
    const { press, transport, settle, device, unmount } = await page(`/c/${A}`, { keyValue });
    await press(deed, 4);
    if (deed === "Edit message") {
      fireEvent.input(screen.getByRole("textbox", { name: "Edit message" }), { target: { value: "better" } });
      await settle();
      await press("Send");
    }
    const sent = (["sendBatch", "sendStream"] as const).filter((name) => transport.named(name).length > 0);
    expect([deed, sent]).toEqual([deed, [way]]);
    device.stop();
    unmount();
  }
});

test("a file that is dropped goes into the draft of the chat that is open, also after another one was", async () => {
  const { go, settle, drafts } = await page();
  await go(`/c/${B}`);
  const files = [new File(["some words"], "notes.txt", { type: "text/plain" })];
  const dataTransfer = { types: ["Files"], files };
  window.dispatchEvent(Object.assign(new Event("drop", { cancelable: true }), { dataTransfer }));
  await settle();
  expect([drafts.get(A), drafts.get(B)]).toEqual(["", expect.stringContaining("some words")]);
});

test("a reply says the name of its model, as the message box does", async () => {
  const { container, transport, settle } = await wholePage(`/c/${A}`);
  const opened = detail("a", 10);
  transport.answers.open = () => ({ ...opened, messages: opened.messages.map((each) => ({ ...each, model: "demo" })) });
  await transport.last.answer(full(100, [row("a", 10)]));
  await settle();
  const names = container.querySelectorAll(".message-model, .composer .model-name");
  expect([...names].map(({ textContent }) => textContent)).toEqual(["Demo", "Demo", "Demo", "Demo", "Demo", "Demo"]);
});

test("Enter does in the box what the settings say", async () => {
  const { press, write, box, settle, transport } = await page();
  await write("hello");
  await press("Settings");
  fireEvent.click(await screen.findByRole("radio", { name: "New line" }));
  await settle();
  await press("Close");
  fireEvent.keyDown(box() ?? document.body, { key: "Enter" });
  await settle();
  expect(transport.named("sendStream")).toEqual([]);
  fireEvent.keyDown(box() ?? document.body, { key: "Enter", metaKey: true });
  await settle();
  expect(transport.named("sendStream")).toHaveLength(1);
});

test("[TURN-10] a model that the server refused is taken back, and says so", async () => {
  const models = ["demo", "large"].map((id) => ({ id, name: id }));
  const { transport, settle } = await page(`/c/${A}`, {}, { models });
  transport.answers.patch = () => ({ ...failure("forbidden", ""), status: 403 });
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Model" }), "large");
  await settle();
  expect(screen.getByRole("alert").textContent).toContain("You are not allowed to do this.");
  expect(screen.getByRole("combobox", { name: "Model" })).toHaveProperty("value", "demo");
});

test("each conversation has its own draft, its own box and, at a keyboard, the focus", async () => {
  const { go, box, settle, page: screenOf } = await page();
  const type = async (text: string) => {
    fireEvent.input(box() ?? document.body, { target: { value: text } });
    await settle();
  };
  await type("for a");
  await go(`/c/${B}`);
  expect([box()?.value, document.activeElement === box()]).toEqual(["", true]);
  await type("for b");
  await go(`/c/${A}`);
  expect(box()?.value).toBe("for a");
  expect(["a", "b"].map((name) => screenOf.keyValue.get(`instep.draft.${idOf(name)}`))).toEqual(["for a", "for b"]);
});

test("on a touch screen an opened conversation brings no keyboard up", async () => {
  const { go, box } = await page(`/c/${A}`, { isTouch: true });
  await go(`/c/${B}`);
  expect(document.activeElement).not.toBe(box());
});

test("a message that is edited in one conversation is not in the next one that is opened", async () => {
  const { press, go } = await page();
  await press("Edit message");
  expect(await screen.findByRole("textbox", { name: "Edit message" })).toBeTruthy();
  await go(`/c/${B}`);
  expect(screen.queryByRole("textbox", { name: "Edit message" })).toBeNull();
});

test("an action goes to the conversation that is open, also after another one was", async () => {
  const { go, write, press, transport } = await page();
  await go(`/c/${B}`);
  await write("for b", B);
  await press("Send");
  expect(transport.named("sendStream").map(([id]) => id)).toEqual([B]);
});

test("a conversation in the trash says so, offers no box, and Restore opens it", async () => {
  const { transport, settle } = await wholePage(`/c/${A}`);
  transport.answers.open = () => ({ ...failure("conversation_trashed", ""), status: 404 });
  await transport.last.answer(full(100, []));
  await settle();
  expect(screen.getByText("This conversation is in the trash.")).toBeTruthy();
  expect(screen.queryByRole("textbox", { name: "Message" })).toBeNull();
  transport.answers.restore = () => summary("a", 10);
  transport.answers.open = () => detail("a", 10);
  fireEvent.click(screen.getByRole("button", { name: "Restore" }));
  await settle();
  expect(document.querySelectorAll(".message")).toHaveLength(10);
});

test("an address that leads nowhere says so, and leads to a new chat", async () => {
  const { press, box } = await page("/nowhere/at/all");
  expect(box()).toBeNull();
  await press("Start a new chat");
  expect([location.pathname, document.activeElement]).toEqual(["/", box()]);
});

test("a conversation that is left is not on screen any more, and neither is one whose page has gone", async () => {
  const { go, device, settle, unmount } = await page();
  const closed: string[] = [];
  const close = device.views.closeConversation.bind(device.views);
  device.views.closeConversation = () => {
    closed.push("closed");
    close();
  };
  await go("/");
  expect(closed).toEqual(["closed"]);
  await go(`/c/${A}`);
  unmount();
  await settle();
  expect(closed).toEqual(["closed", "closed"]);
});

test("[DEV-9] a Restore that is answered late takes nothing off the screen that was opened meanwhile", async () => {
  const { transport, settle, device } = await wholePage(`/c/${A}`);
  let isRestored = false;
  transport.answers.open = (id) => {
    if (id === A && !isRestored) return { ...failure("conversation_trashed", ""), status: 404 };
    return detail(id === A ? "a" : "b", 10);
  };
  const answered = Promise.withResolvers<void>();
  transport.answers.restore = async () => {
    await answered.promise;
    isRestored = true;
    return summary("a", 10);
  };
  await transport.last.answer(full(100, [row("b", 10)]));
  await settle();
  fireEvent.click(await screen.findByRole("button", { name: "Restore" }));
  window.history.pushState(null, "", `/c/${B}`);
  fireEvent.popState(window);
  await settle();
  answered.resolve();
  await settle();
  device.syncNow();
  await settle();
  await transport.last.answer(increment(110, [row("b", 12, { at: 110 })]));
  await settle();
  expect(device.conversations.get(B)?.unread).toBe(0);
  expect(screen.getByText("2 new messages")).toBeTruthy();
});

test("a suggestion that is pressed twice begins one chat", async () => {
  const { device, settle } = await page("/");
  const before = device.conversations.list().length;
  const button = screen.getByRole("button", { name: /Explain something/ });
  fireEvent.click(button);
  fireEvent.click(button);
  await settle();
  expect(device.conversations.list().length).toBe(before + 1);
});

test("keys of an input method that says only their code choose and stop nothing", async () => {
  const { settle, write, press } = await page();
  await write("Hello");
  await press("Send");
  const ofInputMethod = { keyCode: 229 };
  fireEvent.keyDown(document.querySelector("#message-input") ?? window, { key: "Escape", ...ofInputMethod });
  await settle();
  expect(document.querySelector("#stop-btn")?.textContent).toBe("Stop");
  fireEvent.keyDown(window, { key: "k", ctrlKey: true });
  await settle();
  fireEvent.input(screen.getByRole("combobox"), { target: { value: "Conversation b" } });
  fireEvent.keyDown(screen.getByRole("combobox"), { key: "Enter", ...ofInputMethod });
  await settle();
  expect(screen.queryByRole("combobox")).not.toBeNull();
});

test("[DEV-12] a message that is being edited is still there after a look at another chat and in a page begun anew, without the focus", async () => {
  const first = await page();
  const field = () => screen.queryByRole<HTMLTextAreaElement>("textbox", { name: "Edit message" });
  await first.press("Edit message", 1);
  fireEvent.input(field() ?? document.body, { target: { value: "Rewritten" } });
  await first.settle();
  await first.go(`/c/${B}`);
  expect(field()).toBeNull();
  await first.go(`/c/${A}`);
  expect([field()?.value, field()?.closest(".message")?.getAttribute("data-seq")]).toEqual(["Rewritten", "3"]);
  expect(document.activeElement).toBe(first.box());
  first.device.stop();
  first.unmount();
  const { press, go } = await page(`/c/${A}`, { keyValue: first.page.keyValue });
  expect(field()?.value).toBe("Rewritten");
  await press("Cancel");
  await go(`/c/${B}`);
  await go(`/c/${A}`);
  expect(field()).toBeNull();
});

test("[DEV-12] what was written in a message that another edit replaced is in the message box, and said to be there", async () => {
  const { press, box, drafts, transport, settle } = await page();
  await press("Edit message", 1);
  const field = screen.getByRole("textbox", { name: "Edit message" });
  fireEvent.input(field, { target: { value: "Rewritten" } });
  await settle();
  await press("Ask again");
  const opened = detail("a", 12);
  const messages = opened.messages.filter(({ seq }) => seq === 1 || seq > 10);
  transport.answers.open = () => ({ ...opened, messages });
  await transport.stream.feed(...turn("a", 11, ["Hi"]));
  await settle();
  expect([box()?.value, drafts.keys("edit-")]).toEqual(["Rewritten", []]);
  expect(
    screen.getByText("The message that you were editing was replaced. Your text is in the message box."),
  ).toBeTruthy();
});

test("[DEV-10] what was written in a message of the open conversation, deleted elsewhere, is in a new chat, and back with it", async () => {
  const { press, write, box, drafts, transport, settle, device } = await page();
  await write("half a thought");
  await press("Edit message", 1);
  fireEvent.input(screen.getByRole("textbox", { name: "Edit message" }), { target: { value: "Rewritten" } });
  await settle();
  void device.sync.incrementalSync();
  await transport.last.answer(increment(110, [], [A]));
  await settle();
  expect([box()?.value, drafts.keys("edit-")]).toEqual(["half a thought\n\nRewritten", []]);
  transport.answers.restore = () => summary("a", 10);
  await press("Restore");
  expect(box()?.value).toBe("half a thought");
  expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Edit message" }).value).toBe("Rewritten");
});

test("[DEV-10] where it can't be restored, what was written stays in the new chat", async () => {
  const { press, write, box, drafts, transport, settle, device } = await page();
  await write("half a thought");
  void device.sync.incrementalSync();
  await transport.last.answer(increment(110, [], [A]));
  await settle();
  transport.answers.restore = () => ({ ...failure("conversation_not_found", ""), status: 404 });
  await press("Restore");
  await settle();
  expect([box()?.value, drafts.get(A)]).toEqual(["half a thought", ""]);
});

test("[DEV-12] a second press that comes before the first one shows sends nothing again, and loses nothing", async () => {
  const { write, transport, settle, drafts, device } = await page();
  await write("once");
  const send = screen.getByRole("button", { name: "Send" });
  await act(() => {
    send.click();
    send.click();
  });
  await settle();
  expect(transport.named("sendStream").map(([, body]) => body)).toMatchObject([{ message: "once" }]);
  expect([device.views.get(A)?.pending.length, drafts.get(A)]).toEqual([1, ""]);
});
