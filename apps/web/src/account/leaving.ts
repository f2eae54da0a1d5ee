/** While a person signs out or deletes the account, no sign-in form replaces the page, though the session has ended. */
import { createContext } from "preact";
import { useCallback, useContext, useEffect, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { listenTo } from "../listen-to.ts";
import { isFailure } from "../sync/device.ts";

/** Makes a call that ends this browser's session; where it fails, everything is as before. */
type Leave = <Outcome>(call: () => Promise<Outcome>) => Promise<Outcome>;

const LeaveContext = createContext<Leave>((call) => call());
export const LeaveProvider = LeaveContext.Provider;

/** By which the calls are made that end the session. */
export function useLeave(): Leave {
  return useContext(LeaveContext);
}

/** Within which another page has come in the place of this one, unless the browser asked and was told to stay. */
const GONE_AFTER_MS = 5000;

/** Whether somebody is on the way out, and what tells of it. */
export function useLeaving(): { readonly isLeaving: boolean; readonly leave: Leave } {
  const [isLeaving, setIsLeaving] = useState(false);
  const leave: Leave = useCallback(async (call) => {
    setIsLeaving(true);
    const outcome = await call();
    if (isFailure(outcome)) setIsLeaving(false);
    return outcome;
  }, []);
  const { after } = useEnvironment();
  useEffect(() => {
    let forget: (() => void) | null = null;
    const stay = (): void => setIsLeaving(false);
    const end = listenTo(window, {
      beforeunload: () => {
        forget?.();
        forget = after(GONE_AFTER_MS, stay);
      },
      // Somebody went back to a page that was left, and the browser had kept it.
      pageshow: ({ persisted }) => persisted && stay(),
    });
    return () => {
      forget?.();
      end();
    };
  }, [after]);
  return { isLeaving, leave };
}
