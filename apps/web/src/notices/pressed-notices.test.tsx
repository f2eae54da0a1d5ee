/** A notification that the worker has shown is pressed while the page is open: it goes there as it is, with all that it is at. */
import { act, fireEvent, screen } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { detail, full, idOf, row, summary, tick } from "../../test/scripted-device.ts";
import { wholePage } from "../../test/whole-page.tsx";

const A = idOf("a");

afterEach(() => vi.unstubAllGlobals());

test("[PUSH-1] the conversation is opened, the worker is told, and what is written stays", async () => {
  const workers = new EventTarget();
  vi.stubGlobal("navigator", Object.create(navigator, { serviceWorker: { value: workers } }));
  const { transport, drafts, settle, unmount } = await wholePage("/");
  transport.answers.open = () => detail("a", 2);
  await transport.last.answer(full(100, [row("a", 2)]));
  drafts.set("new", "half a thought");
  const { port1, port2 } = new MessageChannel();
  const told = new Promise((resolve) => port1.addEventListener("message", ({ data }) => resolve(data)));
  port1.start();
  const say = (data: unknown) =>
    act(() => void workers.dispatchEvent(new MessageEvent("message", { data, ports: [port2] })));
  await say({ kind: "something" });
  expect(location.pathname).toBe("/");
  await say({ kind: "open", id: A });
  await settle();
  expect(location.pathname).toBe(`/c/${A}`);
  expect(await told).toBe(true);
  expect(screen.getByText("message 2")).toBeDefined();
  expect(drafts.get("new")).toBe("half a thought");
  port1.close();
  unmount();
});

test.each(["settings", "keys", "the palette", "a look into the trash"])(
  "[PUSH-1] what lies over the page is closed, or nothing would be seen of the conversation: %s",
  async (what) => {
    const workers = new EventTarget();
    vi.stubGlobal("navigator", Object.create(navigator, { serviceWorker: { value: workers } }));
    const { transport, settle, unmount } = await wholePage("/");
    transport.answers.open = () => detail("a", 2);
    transport.answers.trash = () => ({
      conversations: [{ ...summary("x", 2), deleted_at: tick(5), purge_at: tick(6) }],
      next_cursor: null,
    });
    transport.answers.trashMessages = () => detail("x", 2);
    await transport.last.answer(full(100, [row("a", 2)]));
    await settle();
    if (what === "settings") fireEvent.click(screen.getByRole("button", { name: "Settings" }));
    if (what === "keys") fireEvent.keyDown(document.body, { key: "?" });
    if (what === "the palette") fireEvent.keyDown(window, { key: "k", ctrlKey: true });
    if (what === "a look into the trash") {
      fireEvent.click(screen.getByRole("button", { name: "Trash" }));
      await settle();
      fireEvent.click(document.querySelector(".trash-open") ?? document.body);
    }
    await settle();
    expect(document.querySelectorAll("dialog[open]")).toHaveLength(1);
    await act(() => void workers.dispatchEvent(new MessageEvent("message", { data: { kind: "open", id: A } })));
    await settle();
    expect([location.pathname, document.querySelectorAll("dialog[open]").length]).toEqual([`/c/${A}`, 0]);
    unmount();
  },
);
