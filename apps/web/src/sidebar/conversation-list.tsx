/** The list of conversations: only the rows in view are in the page, so ten thousand scroll like ten. */
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { Virtualizer } from "virtua";
import "./conversation-list.css";

export interface ConversationListProps {
  readonly ids: readonly string[];
  /** How many of them, from the top, are pinned. */
  readonly pinnedCount: number;
  readonly renderRow: (id: string) => ComponentChildren;
  /** Called when the end comes near; it may be called again before more has come. */
  readonly onNearEnd?: () => void;
}

const NEAR_END_PX = 600;

/** The rows, with a heading over the pinned ones. */
export function ConversationList({ ids, pinnedCount, renderRow, onNearEnd }: ConversationListProps) {
  const items = useMemo(() => listItems(ids, pinnedCount), [ids, pinnedCount]);
  return (
    <div
      class="conversation-list"
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

function listItems(ids: readonly string[], pinnedCount: number): ListItem[] {
  const rows = ids.map((id): ListItem => ({ kind: "row", id }));
  if (pinnedCount === 0) return rows;
  const pinned: ListItem[] = [{ kind: "heading", text: "Pinned" }, ...rows.slice(0, pinnedCount)];
  const rest = rows.slice(pinnedCount);
  return rest.length === 0 ? pinned : [...pinned, { kind: "heading", text: "Chats" }, ...rest];
}
