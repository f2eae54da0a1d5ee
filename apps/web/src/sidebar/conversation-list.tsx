/** The list of conversations: only the rows in view are in the page, so ten thousand scroll like ten. */
import type { ComponentChildren } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { Virtualizer } from "virtua";
import type { ListSection } from "./list-sections.ts";
import { useIsHeld } from "./use-is-held.ts";
import { useHeldSections } from "./use-list-sections.ts";
import { useStillRows } from "./use-still-rows.ts";
import "./conversation-list.css";

export interface ConversationListProps {
  readonly sections: readonly ListSection[];
  /** What the person has moved in this tab goes to its new place also where everything else is held; emptied once shown. */
  readonly moved: Set<string>;
  readonly renderRow: (id: string) => ComponentChildren;
  /** Called when the end comes near; it may be called again before more has come. */
  readonly onNearEnd?: () => void;
}

const NEAR_END_PX = 600;

/** The rows under their headings. While pointer or focus is among them, none moves from where it is. */
export function ConversationList({ sections, moved, renderRow, onNearEnd }: ConversationListProps) {
  const element = useRef<HTMLDivElement>(null);
  const isHeld = useIsHeld(element, sections);
  const shown = useHeldSections(sections, isHeld, moved);
  useStillRows(element, shown, isHeld);
  const items = useMemo(() => shown.flatMap(itemsOf), [shown]);
  return (
    <div
      class="conversation-list"
      ref={element}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        if (scrollTop + clientHeight > scrollHeight - NEAR_END_PX) onNearEnd?.();
      }}
    >
      <Virtualizer data={items} bufferSize={240}>
        {(item: ListItem) =>
          item.kind === "heading" ? (
            <h2 key={item.text} class="list-heading">
              {item.text}
            </h2>
          ) : (
            <div key={item.id} class="list-row">
              {renderRow(item.id)}
            </div>
          )
        }
      </Virtualizer>
    </div>
  );
}

type ListItem = { readonly kind: "heading"; readonly text: string } | { readonly kind: "row"; readonly id: string };

function itemsOf({ heading, ids }: ListSection): readonly ListItem[] {
  return [{ kind: "heading", text: heading }, ...ids.map((id): ListItem => ({ kind: "row", id }))];
}
