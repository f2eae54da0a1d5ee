import type { CDPSession, Worker } from "@playwright/test";
import { expect, test } from "../harness/test.ts";

test.use({ serviceWorkers: "allow" });

/** Delivers pushes to the page's worker, as the browser's push service would. */
async function pushTo(cdp: CDPSession, origin: string) {
  const found = new Promise<string>((resolve) => {
    cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const own = registrations.find(({ scopeURL, isDeleted }) => scopeURL.startsWith(origin) && !isDeleted);
      if (own) resolve(own.registrationId);
    });
  });
  await cdp.send("ServiceWorker.enable");
  const registrationId = await found;
  return (notice: object) =>
    cdp.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data: JSON.stringify(notice) });
}

interface ShowingScope {
  readonly clients: { matchAll: (how: object) => Promise<readonly unknown[]> };
  readonly registration: { showNotification: (title: string, how: { body: string; tag: string }) => Promise<void> };
  shown: string[];
  /** How often the worker has found out which pages are open. */
  looks: number;
}

/** A browser without a head refuses every notification: what the worker wants to show is written down instead. */
async function writeDown(worker: Worker): Promise<void> {
  await worker.evaluate(() => {
    const scope = globalThis as unknown as ShowingScope;
    scope.shown = [];
    scope.looks = 0;
    const matchAll = scope.clients.matchAll.bind(scope.clients);
    scope.clients.matchAll = async (how) => {
      const pages = await matchAll(how);
      scope.looks += 1;
      return pages;
    };
    scope.registration.showNotification = async (title, { body, tag }) => {
      scope.shown.push(`${tag}: ${title}: ${body}`);
    };
  });
}

const written = (worker: Worker) =>
  worker.evaluate(() => {
    const { shown, looks } = globalThis as unknown as ShowingScope;
    return { shown, looks };
  });

test("a push is a notification of its conversation, and none while a page is in sight; where it can't be had the settings say why [PUSH-1]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const device = await openDevice();
  const chat = await device.openTab();
  await chat.page.getByRole("button", { name: "Settings" }).click();
  const choice = chat.page.getByRole("switch", { name: /Tell this device when a reply is ready and nobody looks/ });
  await expect(choice).toBeDisabled();
  await expect(chat.page.getByRole("dialog")).toContainText("Your browser blocks notifications for this page.");

  await chat.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  const [worker] = device.context.serviceWorkers();
  if (!worker) throw new Error("the page has no worker");
  await writeDown(worker);
  const elsewhere = await device.context.newPage();
  const push = await pushTo(await device.context.newCDPSession(elsewhere), server.url);
  await push({ conversation_id: id, title: "In sight", kind: "complete" });
  await expect.poll(async () => (await written(worker)).looks).toBe(1);
  await chat.page.close();
  await expect
    .poll(async () => {
      // A page takes a moment to be gone.
      await push({ conversation_id: id, title: "Bread", kind: "failed" });
      return new Set((await written(worker)).shown);
    })
    .toEqual(new Set([`${id}: Bread: The reply failed.`]));
});
