/** What a toast or a notification opens is seen: on a phone the drawer doesn't stay over it. */
import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { detail, full, idOf, increment, row, turn } from "../../test/scripted-device.ts";
import { memoryKeyValue } from "../../test/test-environment.ts";
import { wholePage, type WholePage } from "../../test/whole-page.tsx";
import { createSettingsStore } from "../settings/settings-store.ts";
import { failure } from "../sync/device.ts";

const A = idOf("a");
const GONE = { ...failure("conversation_trashed", ""), status: 404 };

afterEach(() => vi.unstubAllGlobals());

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));

/** What leads to the chat, or to a new one; each brings it about, and returns what a person presses. */
const WAYS: Readonly<Record<string, (page: WholePage) => Promise<() => void>>> = {
  "the toast of a reply": async ({ device, transport, settle }) => {
    void device.turns.send(A, "hello");
    await settle();
    await transport.stream.feed(...turn("a", 11, ["Hi"]));
    await waitFor(() => screen.getByText("“Conversation a” has a reply"));
    return () => press("Open");
  },
  "a notification of this page": async ({ transport, environment, settle, page }) => {
    await environment.advance(60_000);
    await transport.last.answer(increment(110, [row("a", 10, { at: 110, active_reply_id: "r" })]));
    await environment.advance(60_000);
    await transport.last.answer(increment(120, [row("a", 12, { at: 120 })]));
    await settle();
    return () => page.shown[0]?.onClick();
  },
  "a notification of the worker": async () => () => {
    const data = { kind: "open", id: A };
    navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data }));
  },
  "the toast of a message that was orphaned": async ({ device, transport, settle }) => {
    transport.refusals = [GONE];
    await device.turns.send(A, "orphan");
    await settle();
    await waitFor(() => screen.getByText(/Your message wasn't sent/));
    return () => press("Open");
  },
  "the toast of messages that could not be put back": async ({ device, transport, settle }) => {
    const [start, ...rest] = turn("a", 11, ["Hi"]);
    if (start?.event !== "start") throw new Error("A turn has no start");
    void device.turns.send(A, "hello");
    await settle();
    await transport.stream.feed(
      { ...start, data: { ...start.data, replaced: { version_id: "v", message_count: 1 } } },
      ...rest,
    );
    await waitFor(() => screen.getByText("1 message replaced"));
    transport.answers.restoreVersion = () => failure("stale_conversation", "");
    press("Undo");
    await settle();
    return () => press("Show");
  },
};

test.each(Object.entries(WAYS))("%s closes the drawer", async (name, begin) => {
  vi.stubGlobal("navigator", Object.create(navigator, { serviceWorker: { value: new EventTarget() } }));
  const keyValue = memoryKeyValue();
  createSettingsStore(keyValue).change({ hasNotifications: true });
  const whole = await wholePage(`/c/${idOf("b")}`, {}, { isNarrow: true, isFocused: false, keyValue });
  const { transport, settle } = whole;
  transport.answers.open = (id) => detail(id === A ? "a" : "b", 10);
  await transport.last.answer(full(100, [row("a", 10), row("b", 10)]));
  await settle();
  const go = await begin(whole);
  await settle();
  press(/^Show conversations/);
  await settle();
  expect(document.querySelector(".sidebar.open")).not.toBeNull();
  go();
  await settle();
  const path = name.includes("orphaned") ? "/" : `/c/${A}`;
  expect([location.pathname, document.querySelector(".sidebar.open")]).toEqual([path, null]);
});
