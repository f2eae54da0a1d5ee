/** Another tab of this browser has signed somebody in: then they are in here, too, where nobody was, or somebody else. */
import { type Boot, cachedBoot, fetchBoot } from "@instep/sync-client";
import { useEffect, useRef } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { isFailure } from "./device.ts";

/** `knownId` is who is in here; null where nobody is: then it is looked whenever the page is shown, since storage may be forbidden. */
export function useSignInElsewhere(knownId: string | null, adopt: (boot: Boot) => void): void {
  const { keyValue } = useEnvironment();
  const latest = useRef(adopt);
  latest.current = adopt;
  useEffect(() => {
    let isOver = false;
    // What is stored may be of another tab that knows less: the server says who is in.
    const ask = async () => {
      const boot = await fetchBoot();
      if (!isOver && !isFailure(boot) && boot.me.id !== knownId) latest.current(boot);
    };
    const look = async () => {
      const stored = await cachedBoot();
      if (stored && stored.me.id !== knownId) await ask();
    };
    const onShown = () => {
      if (knownId === null && document.visibilityState === "visible") void ask();
    };
    const endFollowing = keyValue.onOtherTab(() => void look());
    document.addEventListener("visibilitychange", onShown);
    return () => {
      isOver = true;
      endFollowing();
      document.removeEventListener("visibilitychange", onShown);
    };
  }, [keyValue, knownId]);
}
