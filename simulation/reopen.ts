/** A page goes and comes again, and with it whatever was never stored [DEV-12, DEV-14]. */
import { isTemporary } from "@instep/protocol";
import type { Browser } from "./browser.ts";
import type { Sends } from "./sends.ts";
import type { Tab } from "./tab.ts";
import type { Words } from "./words.ts";

/** What hears of it. */
interface Scene {
  browserOf(tab: Tab): Browser;
  readonly sends: Sends;
  readonly words: Words;
}

/** Opens a page in the place of one that crashed, or was closed in good order. */
export function reopen(scene: Scene, tab: Tab, how: "kill" | "reopen"): void {
  const browser = scene.browserOf(tab);
  if (how === "kill") tab.kill();
  else tab.leave();
  const { setting } = browser.options;
  if (!setting.hasStore) scene.sends.lost(tab);
  else if (tab.store.hasFailed) scene.sends.lost(tab, browser.shared.storedTexts);
  if (!setting.hasStore || tab.store.hasFailed) scene.words.lost(tab);
  // A reload stays at its address; a draft has none.
  void browser.openTab(tab.current !== null && isTemporary(tab.current) ? null : tab.current, tab);
}
