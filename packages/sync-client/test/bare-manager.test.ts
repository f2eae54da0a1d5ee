/** A SyncManager with no more than it needs: another program's. */
import { SYNC_FULL_SYNC_THRESHOLD_MS, SYNC_POLL_INTERVAL_MS } from "@instep/protocol";
import { expect, it } from "vitest";
import { SyncManager } from "../src/sync-manager.ts";
import { full, idOf, increment, row } from "./scripted-server.ts";
import { ScriptedTransport } from "./scripted-transport.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";

function bareManager() {
  const environment = new VirtualEnvironment();
  const transport = new ScriptedTransport();
  return { environment, transport, manager: new SyncManager({ transport, environment }) };
}

it("[DEV-1] polls by the defaults where the server's settings are not given, and holds nothing", async () => {
  const { environment, transport, manager } = bareManager();
  manager.start();
  await transport.last.answer(full(100, [row("a", 10)]));
  await environment.advance(SYNC_POLL_INTERVAL_MS - 1);
  expect(transport.asked).toHaveLength(1);
  await environment.advance(1);
  expect(transport.last.question.waitS).toBe(0);
  await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
  expect(manager.store.conversations.get(idOf("a"))?.unread).toBe(2);
  await environment.emit("hide");
  await environment.advance(SYNC_FULL_SYNC_THRESHOLD_MS + 1);
  await environment.emit("show");
  expect(transport.last.question.since).toBeNull();
  manager.stop();
});

it("[DEV-3] moves the account's read position by itself where nobody else does", async () => {
  const { transport, manager } = bareManager();
  manager.start();
  await transport.last.answer(full(100, [row("a", 10)]));
  manager.markConversationRead(idOf("a"), 10);
  expect(transport.named("markRead")).toEqual([[idOf("a"), { message_count: 10 }]]);
  manager.stop();
});

it("needs a transport only: time and page are the real ones where none are given", () => {
  const transport = new ScriptedTransport();
  const manager = new SyncManager({ transport });
  manager.start();
  expect(transport.asked).toHaveLength(1);
  manager.stop();
});
