/** The list by day as components follow it: cut anew at midnight, and with each new list of ids. */
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { useDevice } from "../sync/device-context.ts";
import { useConversationIds } from "../sync/use-conversations.ts";
import { dayStart, holdStill, type ListSection, sectionsOf } from "./list-sections.ts";

/** The sections of the list, or of the archive. */
export function useListSections(isArchived: boolean): readonly ListSection[] {
  const { conversations } = useDevice();
  const ids = useConversationIds(isArchived);
  const today = useToday();
  return useMemo(() => sectionsOf(ids, (id) => conversations.get(id), today), [ids, today, conversations]);
}

/** The sections as they are shown: as they were while the list is held, but for what has gone, is new or was `moved` here. */
export function useHeldSections(
  wanted: readonly ListSection[],
  isHeld: boolean,
  moved: Set<string>,
): readonly ListSection[] {
  const shown = useRef(wanted);
  const sections = useMemo(
    () => (isHeld && shown.current !== wanted ? holdStill(shown.current, wanted, moved) : wanted),
    [isHeld, wanted, moved],
  );
  useLayoutEffect(() => {
    shown.current = sections;
    moved.clear();
  }, [sections, moved]);
  return sections;
}

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
    document.addEventListener("visibilitychange", lookIfOver);
    window.addEventListener("pageshow", lookIfOver);
    window.addEventListener("focus", lookIfOver);
    return () => {
      document.removeEventListener("visibilitychange", lookIfOver);
      window.removeEventListener("pageshow", lookIfOver);
      window.removeEventListener("focus", lookIfOver);
    };
  }, [environment, today]);
  return today;
}
