/** A message whose chat was deleted, told while nothing of the page is there to hear it: nothing else keeps its text any longer. */
import { render } from "@testing-library/preact";
import { expect, test } from "vitest";
import { idOf } from "../../test/scripted-device.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { createDrafts, NEW_CHAT } from "../composer/drafts.ts";
import { DraftsProvider } from "../composer/use-draft.ts";
import { NavigationProvider, useBrowserNavigation } from "../routing/use-route.ts";
import { createDeviceEvents, DeviceEventsProvider } from "../sync/device-context.ts";
import { createToastStore, ToastProvider } from "../toasts/toast-store.ts";
import { useOrphanedMessages } from "./use-orphaned-messages.ts";

test("[DEV-10] a message orphaned while sign-in stands in the page's place is in a new chat once the page is back, once", () => {
  const page = testEnvironment();
  const [events, drafts, toasts] = [createDeviceEvents(), createDrafts(page.keyValue), createToastStore()];
  function Heard() {
    useOrphanedMessages(() => undefined);
    return null;
  }
  function Page() {
    return (
      <NavigationProvider value={useBrowserNavigation(page)}>
        <DeviceEventsProvider value={events}>
          <DraftsProvider value={drafts}>
            <ToastProvider value={toasts}>
              <Heard />
            </ToastProvider>
          </DraftsProvider>
        </DeviceEventsProvider>
      </NavigationProvider>
    );
  }
  events.callbacks.onMessageOrphaned?.(idOf("a"), "one", false);
  events.callbacks.onMessageOrphaned?.(idOf("b"), "two", false);
  const first = render(<Page />);
  expect(drafts.get(NEW_CHAT)).toBe("one\n\ntwo");
  expect(toasts.list()).toHaveLength(2);
  first.unmount();
  render(<Page />);
  expect(drafts.get(NEW_CHAT)).toBe("one\n\ntwo");
});
