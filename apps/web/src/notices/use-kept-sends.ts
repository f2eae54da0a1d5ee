/** Sees to it that what was written and has not gone out is kept: by the browser's store, else by whoever would leave the page [DEV-12]. */
import { useEffect } from "preact/hooks";
import { keepDrafts } from "../composer/drafts.ts";
import { useDrafts } from "../composer/use-draft.ts";
import { useEnvironment } from "../environment.ts";
import { listenTo } from "../listen-to.ts";
import { keepStorage } from "../keep-storage.ts";
import { cachedBoot } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";

const ASKED_KEY = "instep.asked-to-keep";
/** A browser that asks the person does so again after this long, unless it was told to keep what is stored, or never to. */
const ASKED_AGAIN_MS = 30 * 86_400_000;

export function useKeptSends(accountId: string): void {
  const { outbox } = useDevice();
  const drafts = useDrafts();
  const { keyValue, now } = useEnvironment();
  useEffect(() => {
    // Nothing of an account that has left this browser, or was erased, comes back into it.
    const keepIfIn = async () => {
      if ((await cachedBoot())?.me.id === accountId) keepDrafts(drafts);
    };
    // Not sooner: another tab's box, from which its own was sent, would show it at once.
    return listenTo(window, { pagehide: () => void keepIfIn() });
  }, [drafts, accountId]);
  useEffect(() => {
    const askToStay = (event: Event) => {
      if (outbox.hasUnstored()) event.preventDefault();
    };
    let hasAsked = false;
    const askToKeep = () => {
      // The clock may have stepped back.
      if (hasAsked || Math.abs(now() - Number(keyValue.get(ASKED_KEY))) < ASKED_AGAIN_MS) return;
      hasAsked = true;
      keyValue.set(ASKED_KEY, String(now()));
      void keepStorage();
    };
    // Only while it is needed: it may keep the page from being put aside as it is.
    const end = () => window.removeEventListener("beforeunload", askToStay);
    const follow = () => {
      end();
      // So is each message for a moment when it is sent: that somebody has just sent one.
      if (!outbox.hasUnstored()) return;
      window.addEventListener("beforeunload", askToStay);
      askToKeep();
    };
    follow();
    const leave = outbox.subscribe(follow);
    return () => {
      leave();
      end();
    };
  }, [outbox, keyValue, now]);
}
