/** For whoever chose so: what comes elsewhere flows in while one is at the end and looks on, instead of waiting in the banner [DEV-9]. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useSettings } from "../settings/settings-store.ts";
import type { ConversationView } from "../sync/device.ts";

type Followed = Pick<ConversationView, "newMessages" | "newerProblem" | "hasLater">;

/** Takes in what is new. True while that needs no asking; what could not be loaded is asked for by the banner. */
export function useFollowAlong(view: Followed, isAtEnd: boolean, onLoadNewer: () => void): boolean {
  const [{ isFollowing }] = useSettings();
  const isSeen = useIsSeen();
  const load = useRef(onLoadNewer);
  load.current = onLoadNewer;
  const isFlowing = isFollowing && isAtEnd && isSeen && !view.hasLater && view.newerProblem === null;
  const count = isFlowing ? view.newMessages : 0;
  useEffect(() => {
    if (count > 0) load.current();
  }, [count]);
  return isFlowing;
}

/** Whether the page is shown: what comes while it is hidden was read by nobody [DEV-5]. */
function useIsSeen(): boolean {
  const [isSeen, setIsSeen] = useState(() => !document.hidden);
  useEffect(() => {
    const update = () => setIsSeen(!document.hidden);
    document.addEventListener("visibilitychange", update);
    return () => document.removeEventListener("visibilitychange", update);
  }, []);
  return isSeen;
}
