/** What the page's keys do while something is on its way over a slow line. */
import { fireEvent, render } from "@testing-library/preact";
import { expect, onTestFinished, test, vi } from "vitest";
import { idOf, wholeDevice } from "../test/scripted-device.ts";
import { testEnvironment } from "../test/test-environment.ts";
import { EnvironmentProvider } from "./environment.ts";
import { DeviceProvider } from "./sync/device-context.ts";
import { createToastStore, ToastProvider } from "./toasts/toast-store.ts";
import { type PageKeysOptions, usePageKeys } from "./use-page-keys.ts";

test.each(["settings", "none"])(
  "Escape takes back a dialog that is still loading (%s), and stops no reply behind it",
  (dialog) => {
    const { device } = wholeDevice();
    onTestFinished(() => device.stop());
    const stop = vi.spyOn(device.turns, "stop").mockResolvedValue(undefined);
    vi.spyOn(device.views, "get").mockReturnValue({ reply: {} } as ReturnType<typeof device.views.get>);
    const opened: string[] = [];
    const options = {
      sidebar: { drawer: { isOpen: false } },
      openId: idOf("a"),
      dialog,
      openDialog: (wanted: string) => void opened.push(wanted),
    } as unknown as PageKeysOptions;
    function Keys() {
      usePageKeys(options);
      return null;
    }
    render(
      <EnvironmentProvider value={testEnvironment()}>
        <ToastProvider value={createToastStore()}>
          <DeviceProvider value={device}>
            <Keys />
          </DeviceProvider>
        </ToastProvider>
      </EnvironmentProvider>,
    );
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect([opened, stop.mock.calls.length]).toEqual(dialog === "none" ? [[], 1] : [["none"], 0]);
  },
);
