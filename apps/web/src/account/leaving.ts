/** While a person signs out or deletes the account, no sign-in form replaces the page, though the session has ended. */
import { createContext } from "preact";
import { useCallback, useContext, useEffect, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
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
    let forget: () => void = () => undefined;
    const mayStay = (): void => {
      forget();
      forget = after(GONE_AFTER_MS, () => setIsLeaving(false));
    };
    window.addEventListener("beforeunload", mayStay);
    return () => {
      forget();
      window.removeEventListener("beforeunload", mayStay);
    };
  }, [after]);
  useEffect(() => {
    // Somebody went back to a page that was left, and the browser had kept it.
    const comeBack = ({ persisted }: PageTransitionEvent): void => {
      if (persisted) setIsLeaving(false);
    };
    window.addEventListener("pageshow", comeBack);
    return () => window.removeEventListener("pageshow", comeBack);
  }, []);
  return { isLeaving, leave };
}
