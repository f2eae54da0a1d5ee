/** The list of conversations: only the rows in view are in the page, so ten thousand scroll like ten. */
import type { ComponentChildren, RefObject } from "preact";
import { useCallback, useEffect, useMemo, useRef } from "preact/hooks";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { lazyPart } from "../design/lazy-part.tsx";
import { type PageEnvironment, useEnvironment } from "../environment.ts";
import { rowSelector } from "./row-selector.ts";
import type { RowActions } from "./use-row-actions.ts";
import type { ListSection } from "./list-sections.ts";
import { useIsHeld } from "./use-is-held.ts";
import { openMenuOf, type RowControl, rowIdOf, useListControl } from "./use-list-control.ts";
import { useLongPress } from "./use-long-press.ts";
import { useHeldSections } from "./use-list-sections.ts";
import { useStillRows } from "./use-still-rows.ts";
import "./conversation-list.css";

const SelectionBar = lazyPart(async () => (await import("./selection-bar.tsx")).SelectionBar);

/** What the list knows of a row. */
export interface RowInList {
  readonly isActive: boolean;
  /** The one that Tab leads to. */
  readonly isTabStop: boolean;
  readonly isSelected: boolean;
  readonly isRenaming: boolean;
  readonly control: RowControl;
}

export interface ConversationListProps {
  readonly sections: readonly ListSection[];
  readonly openId: string | null;
  readonly actions: RowActions;
  readonly renderRow: (id: string, row: RowInList) => ComponentChildren;
  /** Called when the end comes near; it may be called again before more has come. */
  readonly onNearEnd?: () => void;
}

const NEAR_END_PX = 600;

/** The rows under their headings. While pointer or focus is among them, none moves from where it is. */
export function ConversationList({ sections, openId, actions, renderRow, onNearEnd }: ConversationListProps) {
  const element = useRef<HTMLDivElement>(null);
  const virtualizer = useRef<VirtualizerHandle>(null);
  const isHeld = useIsHeld(element, sections);
  const shown = useHeldSections(sections, isHeld, actions.moved);
  const items = useMemo(() => shown.flatMap(itemsOf), [shown]);
  const order = useMemo(() => shown.flatMap(({ ids }) => ids), [shown]);
  useStillRows(element, order, isHeld);
  const focusRow = useFocusRow(element, virtualizer, items);
  const control = useListControl({ order, openId, actions, focusRow });
  const { tabStop, selected, renaming } = control;
  useLongPress(element, openMenuOf);
  useFocusAfterSelection(selected.size > 0, tabStop, focusRow);
  // What has the focus, or would get it, stays in the page wherever the list is scrolled to.
  const kept = useMemo(() => [indexOf(items, tabStop)].filter((index) => index !== -1), [items, tabStop]);
  return (
    <>
      <div
        class="conversation-list"
        ref={element}
        onFocusIn={control.onFocusIn}
        onKeyDown={control.onKeyDown}
        onDblClick={(event) => {
          const { target } = event;
          const id = target instanceof Element && target.closest(".conversation-link") ? rowIdOf(target) : null;
          if (id !== null && control.row.wasPressed(id, event)) control.row.startRenaming(id);
        }}
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          if (scrollTop + clientHeight > scrollHeight - NEAR_END_PX) onNearEnd?.();
        }}
      >
        <Virtualizer data={items} bufferSize={240} keepMounted={kept} ref={virtualizer}>
          {(item: ListItem) =>
            item.kind === "heading" ? (
              <h2 key={item.text} class="list-heading">
                {item.text}
              </h2>
            ) : (
              <div key={item.id} class="list-row">
                {renderRow(item.id, {
                  isActive: item.id === openId,
                  isTabStop: item.id === tabStop,
                  isSelected: selected.has(item.id),
                  isRenaming: item.id === renaming,
                  control: control.row,
                })}
              </div>
            )
          }
        </Virtualizer>
      </div>
      {selected.size > 0 && <SelectionBar ids={selected} actions={actions} onClear={control.clear} />}
    </>
  );
}

type ListItem = { readonly kind: "heading"; readonly text: string } | { readonly kind: "row"; readonly id: string };

function itemsOf({ heading, ids }: ListSection): readonly ListItem[] {
  return [{ kind: "heading", text: heading }, ...ids.map((id): ListItem => ({ kind: "row", id }))];
}

function indexOf(items: readonly ListItem[], id: string | undefined): number {
  return items.findIndex((item) => item.kind === "row" && item.id === id);
}

/** Puts the focus on a row; one that is far away is scrolled to first, and is there some frames later. */
function useFocusRow(
  element: RefObject<HTMLElement | null>,
  virtualizer: RefObject<VirtualizerHandle | null>,
  items: readonly ListItem[],
): (id: string) => void {
  const environment = useEnvironment();
  const latest = useRef(items);
  latest.current = items;
  return useCallback(
    (id) => {
      const find = () => element.current?.querySelector<HTMLElement>(`${rowSelector(id)} a`);
      const index = indexOf(latest.current, id);
      if (index === -1) return;
      if (!find()) virtualizer.current?.scrollToIndex(index, { align: "nearest" });
      focusOnceThere(find, environment, FRAMES_TO_WAIT);
    },
    [element, virtualizer, environment],
  );
}

/** With the bar of a selection, or with the rows, goes the focus that was there: whoever works by keyboard goes on in the list. */
function useFocusAfterSelection(isSome: boolean, tabStop: string | undefined, focusRow: (id: string) => void): void {
  const environment = useEnvironment();
  const latest = useRef(tabStop);
  latest.current = tabStop;
  const wasSome = useRef(isSome);
  useEffect(() => {
    const isOver = wasSome.current && !isSome;
    wasSome.current = isSome;
    if (!isOver) return;
    environment.onNextFrame(() => {
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (isLost && latest.current !== undefined) focusRow(latest.current);
    });
  }, [isSome, environment, focusRow]);
}

const FRAMES_TO_WAIT = 20;

function focusOnceThere(
  find: () => HTMLElement | null | undefined,
  environment: PageEnvironment,
  frames: number,
): void {
  const row = find();
  row?.focus();
  // One that is not measured yet is hidden, and takes no focus.
  const hasFocus = row && document.activeElement === row;
  if (!hasFocus && frames > 0) environment.onNextFrame(() => focusOnceThere(find, environment, frames - 1));
}
