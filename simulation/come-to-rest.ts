/** Brings a run to rest: takes every fault away, wakes and shows every page, and waits until nothing is under way. */
import type { ReplyId } from "@instep/protocol";
import { CHANNEL_MS } from "./browser-tabs.ts";
import { STREAM_SIGN_MS } from "./exchange.ts";
import { checkConnections, sharesConnections } from "./invariants.ts";
import { checkRest } from "./judge.ts";
import { reopen } from "./reopen.ts";
import { must } from "./violation.ts";
import type { World } from "./world.ts";

/** How long everything needs to come to rest: the longest answer, the longest backoff, a poll, and one more. */
const SETTLING_MS = 200_000;
/** After this, whatever model still writes is stopped. */
const PATIENCE_MS = 30_000;
const MAX_ROUNDS = 4;

/** Nothing is under way any more, and everything is compared. */
export async function comeToRest(world: World): Promise<void> {
  if (!world.server.isUp) await world.time.until(world.server.start());
  // Somebody sets the server's clock right: a lease lasts until a time, and would outlive its owner by as much as it is behind.
  world.server.clockErrorMs = 0;
  const all = world.residents();
  const browsers = all.flatMap((resident) => resident.browsers);
  for (const resident of all) comeBack(resident);
  await world.time.run(PATIENCE_MS);
  for (const resident of all) healStores(resident);
  // Two that begin at once find out as soon as either hears of its reply.
  if (!browsers.every(sharesConnections)) await world.time.run(STREAM_SIGN_MS + CHANNEL_MS);
  for (const browser of browsers) checkConnections(browser);
  for (const resident of all) await stopReplies(resident);
  await world.time.run(SETTLING_MS);
  // Sends that had to wait for a reply bring others, which may have to be stopped as well.
  for (let round = 0; round < MAX_ROUNDS && all.some(isBusy); round += 1) {
    for (const resident of all) await stopReplies(resident);
    await world.time.run(SETTLING_MS);
  }
  for (const resident of all) await checkRest(resident);
  await world.time.until(world.server.check());
}

/** Whatever kept a device from the server is over, and every page is looked at. */
function comeBack(world: World): void {
  for (const browser of world.browsers) {
    browser.link.heal();
    browser.goOnline();
    for (const { page } of browser.tabs) {
      page.thaw();
      page.show();
    }
    browser.beginSession();
    for (const { witness } of browser.tabs) witness.expectsFull = false;
  }
}

/** A page goes on by itself, whatever its store does [DEV-14]; only then that answers again. */
function healStores(world: World): void {
  for (const browser of world.browsers) {
    for (const { name, hasStarted } of browser.tabs) must(hasStarted, "DEV-14", () => `${name} waits for its store`);
    browser.storeBecomes("answers");
    // A page that a store has left without an answer does without it until it is loaded again: what waits there goes then [DEV-12].
    for (const tab of browser.tabs.filter(({ store }) => store.isLost)) reopen(world, tab, "reopen");
  }
}

function isBusy(world: World): boolean {
  const isWriting = [...world.history.live().values()].some(({ active_reply_id: replyId }) => replyId !== null);
  return isWriting || world.sends.isBusy(world.tabs());
}

/** Stops what a model still writes; a reply that nobody writes any more is the server's to close. */
async function stopReplies(world: World): Promise<void> {
  for (const [id, { active_reply_id: replyId }] of world.history.live()) {
    if (replyId === null || !world.server.api.isGenerating(replyId)) continue;
    await world.time.until(world.server.api.engine.stopReply(world.accountId, id, replyId as ReplyId));
  }
  await world.time.settle();
}
