/** While nobody is signed in: adopts whoever signs in in another tab of this browser. */
import { type Boot, cachedBoot, fetchBoot } from "@instep/sync-client";
import { useEffect } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { isFailure } from "./device.ts";

/** `isEmpty`: nobody was signed in here yet. A tab that has shown an account waits for that one, whoever else signs in [SYNC-9]. */
export function useSignInElsewhere(isEmpty: boolean, adopt: (boot: Boot) => void): void {
  const { keyValue } = useEnvironment();
  useEffect(() => {
    if (!isEmpty) return undefined;
    let isOver = false;
    // What is stored may be of another tab that knows less: the server says who is in.
    const ask = async () => {
      const boot = await fetchBoot();
      if (!isOver && !isFailure(boot)) adopt(boot);
    };
    const look = async () => {
      if (await cachedBoot()) await ask();
    };
    // Storage may be forbidden.
    const onShown = () => {
      if (document.visibilityState === "visible") void ask();
    };
    const endFollowing = keyValue.onOtherTab(() => void look());
    document.addEventListener("visibilitychange", onShown);
    return () => {
      isOver = true;
      endFollowing();
      document.removeEventListener("visibilitychange", onShown);
    };
  }, [keyValue, isEmpty, adopt]);
}
