/** Which day it is, as components follow it. */
import { useEffect, useReducer } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { listenTo } from "../listen-to.ts";
import { dayStart } from "./day-start.ts";

/** When today began, in Unix milliseconds. */
export function useToday(): number {
  const environment = useEnvironment();
  const [looks, look] = useReducer<number, void>((count) => count + 1, 0);
  const today = dayStart(environment.now(), 0);
  // Planned anew after each look: a timer may come a moment early.
  useEffect(
    () => environment.after(dayStart(today, -1) - environment.now(), () => look()),
    [environment, today, looks],
  );
  // No timer runs while the computer sleeps.
  useEffect(() => {
    const lookIfOver = () => {
      if (dayStart(environment.now(), 0) !== today) look();
    };
    const ends = [
      listenTo(document, { visibilitychange: lookIfOver }),
      listenTo(window, { pageshow: lookIfOver, focus: lookIfOver }),
    ];
    return () => ends.forEach((end) => end());
  }, [environment, today]);
  return today;
}
