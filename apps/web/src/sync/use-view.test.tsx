/** Which conversation the device has on screen, as the page and the device change under each other. */
import { render } from "@testing-library/preact";
import { expect, test } from "vitest";
import { detail, idOf, openDevice } from "../../test/scripted-device.ts";
import { settle } from "../../test/settle.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { DeviceProvider } from "./device-context.ts";
import { useOpenConversation } from "./use-view.ts";

const A = idOf("a");

test("a chat stays on screen where the device is made anew under it, as by another way of counting what was read", async () => {
  const environment = testEnvironment();
  const devices = await Promise.all([openDevice(), openDevice({ unreadScope: "account" })]);
  for (const { transport } of devices) transport.answers.open = () => detail("a", 10);
  function Page() {
    const { phase, messages } = useOpenConversation(A, null);
    return <p>{`${phase} ${messages.length}`}</p>;
  }
  const page = (index: 0 | 1) => (
    <EnvironmentProvider value={environment}>
      <DeviceProvider value={devices[index].device}>
        <Page />
      </DeviceProvider>
    </EnvironmentProvider>
  );
  const { container, rerender } = render(page(0));
  await settle();
  rerender(page(1));
  await settle();
  expect(container.textContent).toBe("ready 10");
  expect(devices.map(({ transport }) => transport.named("open").length)).toEqual([1, 1]);
  for (const { device } of devices) device.stop();
});
