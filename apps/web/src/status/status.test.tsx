/** What a person sees of the connection. */
import { render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { Announcer } from "../design/announcer.tsx";
import { failure, type SyncStatus, type SyncStatusState, type UnreadExplanation } from "../sync/device.ts";
import { unreadInWords } from "./unread-in-words.ts";
import { OfflineNote } from "./offline-note.tsx";
import { SyncIndicator } from "./sync-indicator.tsx";
import { SyncPanel } from "./sync-panel.tsx";
import { agoWords, inWords } from "../time/span-words.ts";

const NOW = 1_780_000_000_000;

function status(change: Partial<SyncStatus> = {}): SyncStatus {
  return { state: "synced", lastSyncedAt: NOW, retryAt: null, waitingCount: 0, problem: null, ...change };
}

test("the indicator says its state in words and in data-state", () => {
  const states: readonly SyncStatusState[] = ["synced", "syncing", "waiting", "offline", "attention"];
  for (const state of states) {
    const { unmount } = render(<SyncIndicator status={status({ state })} onOpen={() => undefined} />);
    const indicator = document.querySelector("#sync-status");
    expect(indicator?.getAttribute("data-state")).toBe(state);
    expect(indicator?.textContent?.length).toBeGreaterThan(3);
    unmount();
  }
});

test("[DEV-12] the indicator counts what waits to go out", () => {
  render(<SyncIndicator status={status({ state: "offline", waitingCount: 2 })} onOpen={() => undefined} />);
  expect(screen.getByRole("button", { name: "Sync: Offline · 2 waiting" })).toBeTruthy();
});

test("offline shows the countdown and Try now; all well shows nothing", async () => {
  let tries = 0;
  const note = (state: SyncStatusState) => (
    <OfflineNote status={status({ state, retryAt: NOW + 7500 })} now={NOW} onTryNow={() => void tries++} />
  );
  const { container, rerender } = render(note("synced"));
  expect(container.textContent).toBe("");
  rerender(note("waiting"));
  expect(container.textContent).toContain("Reconnecting… Messages will be sent when the server is back.");
  expect(container.textContent).toContain("Trying again in 8 s");
  await userEvent.click(screen.getByRole("button", { name: "Try now" }));
  expect(tries).toBe(1);
  rerender(note("offline"));
  expect(container.textContent).toContain("You are offline. Messages will be sent when you are back.");
  expect(container.textContent).toContain("Trying again in 8 s");
  await userEvent.click(screen.getByRole("button", { name: "Try now" }));
  expect(tries).toBe(2);
});

test("going offline and coming back is said once each, and the countdown never", async () => {
  const note = (state: SyncStatusState, now = NOW) => (
    <Announcer>
      <OfflineNote status={status({ state, retryAt: NOW + 7500 })} now={now} onTryNow={() => undefined} />
    </Announcer>
  );
  const { container, rerender } = render(note("synced"));
  const voice = () => container.querySelector(".announcer span");
  expect(voice()?.textContent).toBe("");
  rerender(note("offline"));
  await waitFor(() => expect(voice()?.textContent).toBe("You are offline. Messages will be sent when you are back."));
  const said = voice();
  rerender(note("offline", NOW + 1000));
  rerender(note("offline", NOW + 2000));
  expect(voice()).toBe(said);
  rerender(note("syncing"));
  await waitFor(() => expect(voice()?.textContent).toBe("You are connected again."));
});

const EXPLANATION: UnreadExplanation = {
  unread: 2,
  scope: "device",
  reason: "new-messages",
  baselineCount: 10,
  baselineSeq: 11,
  messageCount: 12,
  lastSeq: 14,
  readSeq: 9,
  serverUnreadCount: 4,
};

test("the panel says when it last synced, what waits, and syncs when asked", async () => {
  let asked = 0;
  render(
    <SyncPanel
      status={status({
        state: "offline",
        waitingCount: 1,
        retryAt: NOW + 8000,
        lastSyncedAt: NOW - 180_000,
        problem: failure("unreachable", ""),
      })}
      now={NOW}
      current={{ title: "Trip", unread: EXPLANATION }}
      unread={[]}
      onSyncNow={() => void asked++}
      onClose={() => undefined}
    />,
  );
  const dialog = screen.getByRole("dialog", { name: "Sync" });
  expect(dialog.textContent).toContain("3 min ago");
  expect(dialog.textContent).toContain("1 message or change");
  expect(dialog.textContent).toContain("In 8 s");
  expect(dialog.textContent).toContain("This tab has seen 10 of 12 messages");
  await userEvent.click(screen.getByRole("button", { name: "Try now" }));
  expect(asked).toBe(1);
});

test("[DEV-3] every reason for a badge, and for none, has its words", () => {
  expect(unreadInWords(EXPLANATION)).toBe(
    "This tab has seen 10 of 12 messages; your devices have read up to message 9, so 2 are new.",
  );
  expect(unreadInWords({ ...EXPLANATION, scope: "account" })).toContain("read up to message 9 of 14");
  const reasons = ["on-screen", "held", "marked-unread", "counting", "all-read"] as const;
  const words = new Set(reasons.map((reason) => unreadInWords({ ...EXPLANATION, reason })));
  expect(words.size).toBe(reasons.length);
});

test("spans of time are said as a person says them", () => {
  expect([0, 15_000, 90_000, 7_200_000, 200_000_000].map(agoWords)).toEqual([
    "Just now",
    "15 s ago",
    "1 min ago",
    "2 h ago",
    "2 d ago",
  ]);
  expect([-5, 8000, 600_000].map(inWords)).toEqual(["Now", "In 8 s", "In 10 min"]);
});
