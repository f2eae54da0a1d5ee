/** What comes elsewhere, for one who follows along. */
import { act, renderHook } from "@testing-library/preact";
import type { ComponentChildren } from "preact";
import { afterEach, expect, test, vi } from "vitest";
import { view } from "../../test/messages.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { createSettingsStore, SettingsProvider } from "../settings/settings-store.ts";
import { type ConversationView, failure } from "../sync/device.ts";
import { useFollowAlong } from "./use-follow-along.ts";

afterEach(() => void vi.restoreAllMocks());

function following(isFollowing: boolean) {
  const settings = createSettingsStore(testEnvironment().keyValue);
  settings.change({ isFollowing });
  let loads = 0;
  const wrapper = ({ children }: { readonly children: ComponentChildren }) => (
    <SettingsProvider value={settings}>{children}</SettingsProvider>
  );
  const { result, rerender, unmount } = renderHook(
    ({ shown, isAtEnd }) => useFollowAlong(shown, isAtEnd, () => void loads++),
    { wrapper, initialProps: { shown: view(), isAtEnd: true } },
  );
  const step = (change: Partial<ConversationView>, isAtEnd = true) => {
    rerender({ shown: view(change), isAtEnd });
    return [result.current, loads];
  };
  return { step, unmount, loads: () => loads };
}

test("[DEV-9] the banner stays the rule: nothing flows in where that was not chosen", () => {
  expect(following(false).step({ newMessages: 2 })).toEqual([false, 0]);
});

test("[DEV-9] chosen, what is new flows in at the end: once for each time that more has come", () => {
  const { step } = following(true);
  expect(step({})).toEqual([true, 0]);
  expect(step({ newMessages: 2 })).toEqual([true, 1]);
  expect(step({ newMessages: 2 })).toEqual([true, 1]);
  expect(step({ newMessages: 3 })).toEqual([true, 2]);
  expect(step({ newMessages: 0 })).toEqual([true, 2]);
});

test("[DEV-9] it waits in the banner away from the end, at a found place, and where it could not be loaded", () => {
  const { step } = following(true);
  expect(step({ newMessages: 2 }, false)).toEqual([false, 0]);
  expect(step({ newMessages: 2, hasLater: true })).toEqual([false, 0]);
  expect(step({ newMessages: 2, newerProblem: failure("unreachable", "") })).toEqual([false, 0]);
  expect(step({ newMessages: 2 })).toEqual([true, 1]);
});

test("[DEV-5] nothing flows into a hidden page, and what came meanwhile does once it is shown", async () => {
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  const { step, loads, unmount } = following(true);
  expect(step({ newMessages: 2 })).toEqual([false, 0]);
  hidden.mockReturnValue(false);
  await act(() => void document.dispatchEvent(new Event("visibilitychange")));
  expect(loads()).toBe(1);
  unmount();
});
