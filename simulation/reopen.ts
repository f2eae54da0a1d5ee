/** A page goes and comes again, and with it whatever was never stored [DEV-12, DEV-14]. */
import { isTemporary } from "@instep/protocol";
import type { Tab } from "./tab.ts";
import type { World } from "./world.ts";

/** Opens a page in the place of one that crashed, or was closed in good order. */
export function reopen(world: World, tab: Tab, how: "kill" | "reopen"): void {
  const browser = world.browserOf(tab);
  if (how === "kill") tab.kill();
  else tab.leave();
  const { setting } = browser.options;
  if (!setting.hasStore) world.sends.lost(tab);
  else if (tab.store.hasFailed) world.sends.lost(tab, browser.shared.storedTexts);
  if (!setting.hasStore || tab.store.hasFailed) world.words.lost(tab);
  // A reload stays at its address; a draft has none.
  void browser.openTab(tab.current !== null && isTemporary(tab.current) ? null : tab.current, tab);
}
