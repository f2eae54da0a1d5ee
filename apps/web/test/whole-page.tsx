/** The page with a real device under it, whose network, time and storage are in a test's hands. */
import { act, render } from "@testing-library/preact";
import { onTestFinished, vi } from "vitest";
import { type WholeDevice, wholeDevice, type WholeOptions } from "./scripted-device.ts";
import { App } from "../src/app.tsx";
import { createDrafts, type Drafts } from "../src/composer/drafts.ts";
import { DraftsProvider } from "../src/composer/use-draft.ts";
import { Announcer } from "../src/design/announcer.tsx";
import { EnvironmentProvider } from "../src/environment.ts";
import { NavigationProvider, useBrowserNavigation } from "../src/routing/use-route.ts";
import { createSettingsStore, SettingsProvider } from "../src/settings/settings-store.ts";
import { createDeviceEvents, DeviceEventsProvider, DeviceProvider } from "../src/sync/device-context.ts";
import { createToastStore, ToastProvider } from "../src/toasts/toast-store.ts";
import { testEnvironment, type TestEnvironment } from "./test-environment.ts";

export interface WholePage extends WholeDevice {
  readonly drafts: Drafts;
  readonly page: TestEnvironment;
  readonly container: Element;
  readonly unmount: () => void;
  /** How often the page said that something of the account was changed here. */
  readonly accountChanges: () => number;
  /** Lets everything happen that needs no time. */
  readonly settle: () => Promise<void>;
}

/** The page at an address, over a device that has started and waits for its first answer; it stops with the test. */
export async function wholePage(
  path = "/",
  options: WholeOptions = {},
  screen: Parameters<typeof testEnvironment>[0] = {},
): Promise<WholePage> {
  const page = testEnvironment(screen);
  const events = createDeviceEvents();
  const whole = wholeDevice({ ...options, callbacks: events.callbacks });
  const drafts = createDrafts(page.keyValue);
  const settings = createSettingsStore(page.keyValue);
  const toasts = createToastStore();
  window.history.replaceState(null, "", path);
  let accountChanges = 0;
  const changeAccount = async (): Promise<void> => void accountChanges++;
  function Page() {
    const navigation = useBrowserNavigation(page);
    return (
      <NavigationProvider value={navigation}>
        <App config={whole.boot.config} me={whole.boot.me} onAccountChanged={changeAccount} />
      </NavigationProvider>
    );
  }
  const { container, unmount } = render(
    <EnvironmentProvider value={page}>
      <SettingsProvider value={settings}>
        <Announcer>
          <DeviceProvider value={whole.device}>
            <DeviceEventsProvider value={events}>
              <DraftsProvider value={drafts}>
                <ToastProvider value={toasts}>
                  <Page />
                </ToastProvider>
              </DraftsProvider>
            </DeviceEventsProvider>
          </DeviceProvider>
        </Announcer>
      </SettingsProvider>
    </EnvironmentProvider>,
  );
  const turn = () =>
    act(async () => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      // Parts of the page that are loaded when they are first shown are there as well.
      await vi.dynamicImportSettled();
    });
  const settle = async () => {
    // What was rendered has effects, and those may render again.
    for (let turns = 0; turns < 3; turns++) await turn();
  };
  onTestFinished(() => whole.device.stop());
  void whole.device.start();
  await settle();
  return { ...whole, drafts, page, container, settle, unmount, accountChanges: () => accountChanges };
}
