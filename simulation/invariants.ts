/** What must hold: at every instant for what a tab shows, and whenever everything has come to rest. */
import type { CompleteRow } from "@instep/protocol";
import type { ConversationItem } from "@instep/sync-client";
import { checkBadge, checkNoFalseBadge, checkRead } from "./badge-checks.ts";
import type { Browser } from "./browser.ts";
import {
  describeCounts,
  describeRow,
  describeShown,
  isJudged,
  itemsOf,
  noteBusy,
  type Scene,
  wasDeleted,
} from "./scene.ts";
import {
  checkBanner,
  checkBannerCalls,
  checkDeletionWasTold,
  checkNoFalseBanner,
  checkNotFalselyDeleted,
  checkNothingStale,
  checkViews,
} from "./screen-checks.ts";
import { must } from "./violation.ts";

/** What a tab may never show, whatever is under way [DEV-3, DEV-7, DEV-9]. */
export function checkInstant(scene: Scene): void {
  const { tab, history } = scene;
  must(!tab.store.isAskedForever, "DEV-14", () => `${tab.name} asks its store again and again within one instant`);
  // Until it is told otherwise, a tab shows the history that was rewound.
  if (history.era > 0 && tab.claim === null) {
    for (const { id } of itemsOf(tab)) noteBusy(scene, id);
    tab.banners = [];
    return;
  }
  tab.noteShown();
  for (const item of itemsOf(tab)) {
    checkNoFalseBadge(scene, item);
    checkItemIsOfItsTime(scene, item);
  }
  checkNothingMissing(scene);
  checkBannerCalls(scene);
  checkViews(scene);
  checkNotFalselyDeleted(scene);
  scene.words.checkInstant(tab);
  checkNoFalseBanner(scene);
  for (const [id, count] of tab.toasts) {
    must(count <= 1, "DEV-10", () => `${tab.name} showed ${count} toasts for the deletion of ${id}`);
    must(wasDeleted(scene, id), "DEV-10", () => `${tab.name} says that ${id} was deleted, and it never was`);
  }
}

/** However many tabs are shown, one asks for all, and one reads each reply [DEV-13]. */
export function checkConnections(browser: Browser): void {
  const kept = [...browser.link.kept].map(([topic, count]) => `${count} for ${topic}`).join();
  must(sharesConnections(browser), "DEV-13", () => `${browser.options.name} keeps connections open: ${kept}`);
}

export function sharesConnections({ link, options: { setting } }: Browser): boolean {
  return !setting.hasTabs || [...link.kept.values()].every((count) => count <= 1);
}

/** What a tab must show once everything has come to rest. */
export function checkQuiet(scene: Scene): void {
  const { history, tab } = scene;
  const live = [...history.live().values()];
  const shown = itemsOf(tab).filter(({ isLocal }) => !isLocal);
  const [want, have] = [live, shown].map((rows) => rows.map(describeRow).sort().join("\n"));
  must(want === have, "SYNC-3", () => `${tab.name} shows\n${have}\nbut the server has\n${want}`);
  for (const isArchived of [false, true]) {
    const order = live.filter(({ archived }) => archived === isArchived).sort(inListOrder);
    const list = (isArchived ? tab.device.conversations.archivedList() : tab.device.conversations.list()).filter(
      (id) => tab.device.conversations.get(id)?.isLocal === false,
    );
    const wanted = order.map(({ id }) => id).join();
    must(wanted === list.join(), "LIST-1", () => `${tab.name} lists ${list.join()} instead of ${wanted}`);
  }
  for (const item of shown) checkBadge(scene, item);
  checkBanner(scene);
  checkNothingStale(scene);
  checkRead(scene);
  checkDeletionWasTold(scene);
  must(tab.fullSyncs === 0, "DEV-2", () => `${tab.name} waits for ${tab.fullSyncs} full syncs that never come`);
}

/** What is shown was true at some time since the tab said that it knows everything [SYNC-3, DEV-8]. */
function checkItemIsOfItsTime(scene: Scene, item: ConversationItem): void {
  const { tab, history } = scene;
  const { claim } = tab;
  // What a person changed here may stand before the server has it; how many messages there are is never anybody's to change.
  const describe = isJudged(scene, item.id) ? describeShown : describeCounts;
  if (item.isLocal || tab.isBusyWith(item.id) || claim === null) return;
  const versions = history.versionsSince(item.id, claim.since);
  const isTrue = versions.some(({ row }) => row !== null && describe(row) === describe(item));
  must(isTrue, "SYNC-3", () => {
    const rows = versions.map(({ clock, row }) => `${clock} ${row ? describeShown(row) : "deleted"}`).join("\n");
    return `${tab.name} knows everything until ${claim.since} and shows\n${describeShown(item)}\nof ${item.id}, which was\n${rows}`;
  });
}

function checkNothingMissing(scene: Scene): void {
  const { tab, history } = scene;
  const { claim } = tab;
  if (claim === null) return;
  for (const [id] of history.live()) {
    if (tab.device.conversations.get(id) !== undefined || !isJudged(scene, id)) continue;
    const wasGone = history.versionsSince(id, claim.since).some(({ row }) => row === null);
    must(wasGone, "SYNC-2", () => `${tab.name} knows everything until ${claim.since}, and ${id} is not there`);
  }
}

function inListOrder(one: CompleteRow, other: CompleteRow): number {
  if (one.pinned !== other.pinned) return one.pinned ? -1 : 1;
  if (one.updated_at !== other.updated_at) return one.updated_at > other.updated_at ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}
