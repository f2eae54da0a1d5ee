/** When the page asks whether another build of it is there, and what it says then. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { full, row } from "../../test/scripted-device.ts";
import { wholePage } from "../../test/whole-page.tsx";

const registration = Object.assign(new EventTarget(), { active: null, waiting: null, update: vi.fn(async () => null) });

beforeEach(() => {
  vi.stubEnv("PROD", true);
  vi.stubGlobal("caches", { open: async () => ({ put: async () => undefined }) });
  const serviceWorker = Object.assign(new EventTarget(), { register: async () => registration });
  Object.defineProperty(navigator, "serviceWorker", { configurable: true, value: serviceWorker });
  registration.update.mockClear();
});
afterEach(() => {
  Reflect.deleteProperty(navigator, "serviceWorker");
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** A page whose worker is there. */
async function page() {
  const whole = await wholePage();
  await whole.transport.last.answer(full(100, [row("a", 10)]));
  await whole.settle();
  whole.page.advance(1000);
  await whole.settle();
  const look = async (afterMs: number) => {
    whole.page.advance(afterMs);
    fireEvent(document, new Event("visibilitychange"));
    await whole.settle();
    return registration.update.mock.calls.length;
  };
  return { ...whole, look };
}

test("another build is asked for when the page is looked at again, once a minute at most", async () => {
  const { look } = await page();
  expect(registration.update).not.toHaveBeenCalled();
  expect([await look(58_000), await look(1000), await look(59_000), await look(1000)]).toEqual([0, 1, 1, 2]);
});

test("another build is asked for when the server is back: it may have been away for that", async () => {
  const { transport, environment, settle, device } = await page();
  await environment.advance(60_000);
  for (let failures = 0; device.status().state !== "waiting" && failures < 10; failures++) {
    await transport.last.fail();
    await environment.advance(4000);
  }
  await settle();
  expect(registration.update).not.toHaveBeenCalled();
  device.syncNow();
  await transport.last.notModified();
  await settle();
  expect(device.status().state).toBe("synced");
  expect(registration.update).toHaveBeenCalledTimes(1);
});

test("another build that is there is said to be, with the way to it", async () => {
  const { settle } = await page();
  const saying = (version: string) => ({
    postMessage: (_message: object, [port]: readonly MessagePort[]) =>
      port?.postMessage({ version, entry: `/assets/index-${version}.js` }),
  });
  const installing = Object.assign(new EventTarget(), saying("2"), { state: "installed" });
  Object.assign(registration, { active: saying("1"), installing });
  registration.dispatchEvent(new Event("updatefound"));
  installing.dispatchEvent(new Event("statechange"));
  await expect
    .poll(async () => {
      await settle();
      return screen.queryByText("A new version is there");
    })
    .not.toBeNull();
  const reloaded = vi.spyOn(location, "reload").mockImplementation(() => undefined);
  // Asked whether to leave, since a message is stored nowhere, the person may stay, and go later.
  for (const times of [1, 2]) {
    fireEvent.click(screen.getByRole("button", { name: "Reload" }));
    await settle();
    expect(reloaded).toHaveBeenCalledTimes(times);
  }
  reloaded.mockRestore();
});
