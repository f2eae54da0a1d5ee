/** The list by day as components follow it: cut anew at midnight, and with each new list of ids. */
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { useDevice } from "../sync/device-context.ts";
import { useConversationIds } from "../sync/use-conversations.ts";
import { holdStill, type ListSection, sectionsOf } from "./list-sections.ts";
import { useToday } from "../time/use-today.ts";

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
