/** A browser whose store, locks or channel never answer, or that forbids them: the page starts, sends and shows as ever [DEV-14]. */
import { expect, test } from "../harness/test.ts";

const BREAKINGS: Readonly<Record<string, string>> = {
  "whose database never opens": "IDBFactory.prototype.open = () => new EventTarget();",
  "whose database refuses": "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };",
  "whose locks are never given": "LockManager.prototype.request = () => new Promise(() => {});",
  "whose channel is forbidden":
    "globalThis.BroadcastChannel = function () { throw new DOMException('no', 'SecurityError'); };",
  "whose local storage is forbidden":
    "Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });",
};

for (const [name, content] of Object.entries(BREAKINGS)) {
  test(`a browser ${name} shows the list, sends once, and has all of it after a reload [DEV-14]`, async ({
    openDevice,
    server,
  }) => {
    const { id } = await server.api.conversation("Bread");
    const device = await openDevice();
    await device.context.addInitScript({ content });
    const chat = await device.openTab();
    await expect(chat.row(id)).toBeVisible();
    await chat.open(id);
    await chat.send("And in the fridge?");
    await chat.untilReplied(2);
    await chat.page.reload();
    await expect(chat.replies()).toHaveCount(2);
    await expect(chat.userMessages()).toHaveCount(2);
    expect((await server.api.open(id)).messages).toHaveLength(4);
    const other = await device.openTab(`/c/${id}`);
    await server.api.turn(id, "From elsewhere");
    await expect(other.banner).toBeVisible();
    await expect(chat.banner).toBeVisible();
  });
}

for (const [name, content, asked] of [
  ["that stores it", "", []],
  ["whose database refuses it", BREAKINGS["whose database refuses"] ?? "", ["beforeunload"]],
] as const) {
  test(`whoever leaves a browser ${name} while a message waits is ${asked.length > 0 ? "asked" : "not asked"} first [DEV-12]`, async ({
    openDevice,
    server,
  }) => {
    const { id } = await server.api.conversation("Bread");
    const device = await openDevice();
    await device.context.addInitScript({ content });
    const chat = await device.openTab(`/c/${id}`);
    await expect(chat.replies()).toHaveCount(1);
    await device.context.setOffline(true);
    await chat.send("And in the fridge?");
    await chat.untilSentInVain();
    await expect(chat.page.locator('.pending[data-state="waiting"]')).toHaveCount(1);
    const dialogs: string[] = [];
    chat.page.on("dialog", (dialog) => {
      dialogs.push(dialog.type());
      void dialog.accept();
    });
    const closed = chat.page.waitForEvent("close");
    await chat.page.close({ runBeforeUnload: true });
    await closed;
    expect(dialogs).toEqual([...asked]);
  });
}
