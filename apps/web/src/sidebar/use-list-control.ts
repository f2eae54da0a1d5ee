/** The list under keys and clicks: one Tab stop, rows that are selected, and the one that is being renamed. */
import { type Dispatch, type StateUpdater, useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import type { RowActions } from "./use-row-actions.ts";
import { NOTHING, ranged, rowAtKey, type Selection, stillThere, toggled } from "./list-selection.ts";

/** What a row does besides its menu; the same object for as long as the list is there. */
export interface RowControl {
  /** A click on a row: opens it, or selects with Ctrl, Cmd and Shift. */
  readonly press: (id: string, event: MouseEvent) => void;
  /** Whether the first click of a double one was on that row too: it may have been on a menu that lay over it, or on another row. */
  readonly wasPressed: (id: string, second: MouseEvent) => boolean;
  /** One more, or one less, as a menu offers it where there are no keys. */
  readonly toggle: (id: string) => void;
  readonly startRenaming: (id: string) => void;
  readonly endRenaming: () => void;
}

export interface ListControl {
  readonly row: RowControl;
  /** The row that Tab leads to. */
  readonly tabStop: string | undefined;
  readonly selected: ReadonlySet<string>;
  readonly renaming: string | null;
  readonly clear: () => void;
  readonly onFocusIn: (event: FocusEvent) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export interface ListControlOptions {
  /** The rows in the order in which they are shown. */
  readonly order: readonly string[];
  readonly openId: string | null;
  readonly actions: RowActions;
  /** Puts the focus on a row, wherever in the list it is. */
  readonly focusRow: (id: string) => void;
}

export function useListControl(options: ListControlOptions): ListControl {
  const { order, openId } = options;
  const [current, setCurrent] = useState<string | null>(null);
  const [kept, setSelection] = useState<Selection>(NOTHING);
  const [renaming, setRenaming] = useState<Renaming | null>(null);
  const selection = useMemo(() => stillThere(kept, order), [kept, order]);
  // What has gone is not selected either where it comes back.
  useEffect(() => setSelection((before) => stillThere(before, order)), [order]);
  const places = useMemo(() => new Set(order), [order]);
  const tabStop = [current, openId].find((id) => id !== null && places.has(id)) ?? order[0];
  const latest = useRef({ ...options, selection, tabStop });
  latest.current = { ...options, selection, tabStop };
  const row = useRowControl(latest, setSelection, setRenaming);
  useFocusAfterRenaming(renaming, options.focusRow);
  const clear = useCallback(() => setSelection(NOTHING), []);
  return {
    row,
    tabStop,
    selected: selection.ids,
    renaming: renaming?.id ?? null,
    clear,
    onFocusIn: (event) => {
      const id = rowIdOf(event.target);
      if (id !== null) setCurrent(id);
    },
    onKeyDown: (event) => handleKey(event, { ...latest.current, setSelection, setRenaming }),
  };
}

interface Latest extends ListControlOptions {
  readonly selection: Selection;
  readonly tabStop: string | undefined;
}

interface Renaming {
  readonly id: string;
  /** By F2 on its row, where the focus goes back to. */
  readonly isByKey: boolean;
}

/** Longer than any system takes two clicks for one double one. */
const DOUBLE_CLICK_MS = 1000;

type SetSelection = Dispatch<StateUpdater<Selection>>;
type SetRenaming = Dispatch<StateUpdater<Renaming | null>>;

function useRowControl(
  latest: { readonly current: Latest },
  setSelection: SetSelection,
  setRenaming: SetRenaming,
): RowControl {
  return useMemo(() => {
    let pressed = { id: "", at: 0 };
    const wasPressed = (id: string, { timeStamp }: MouseEvent) =>
      pressed.id === id && timeStamp - pressed.at < DOUBLE_CLICK_MS;
    return {
      wasPressed,
      press: (id, event) => {
        const { actions, selection, order, openId } = latest.current;
        if (event.altKey) return;
        event.preventDefault();
        if (event.detail > 1 && !wasPressed(id, event)) return;
        pressed = { id, at: event.timeStamp };
        if (event.shiftKey) {
          const anchor = selection.anchor ?? openId ?? id;
          setSelection(ranged({ ...selection, anchor }, id, order));
        } else if (event.ctrlKey || event.metaKey || isTapAmong(selection, event)) {
          setSelection(toggled(selection, id));
        } else {
          setSelection({ ...NOTHING, anchor: id });
          actions.open(id);
        }
      },
      toggle: (id) => setSelection(toggled(latest.current.selection, id)),
      startRenaming: (id) => setRenaming({ id, isByKey: false }),
      endRenaming: () => setRenaming(null),
    };
  }, [latest, setSelection, setRenaming]);
}

/** Where some are selected, a finger selects more of them. */
function isTapAmong({ ids }: Selection, event: MouseEvent): boolean {
  return ids.size > 0 && "pointerType" in event && event.pointerType === "touch";
}

function handleKey(
  event: KeyboardEvent,
  { order, selection, actions, focusRow, setSelection, setRenaming }: Latest & Setters,
): void {
  const id = rowIdOf(event.target);
  const isTyping = event.target instanceof HTMLInputElement;
  if (id === null || isTyping || event.altKey) return;
  const target = rowAtKey(order, id, event.key);
  if (target !== undefined) {
    if (event.shiftKey) setSelection(ranged({ ...selection, anchor: selection.anchor ?? id }, target, order));
    focusRow(target);
  } else if (event.key === " ") {
    if (!isOnLink(event)) return;
    setSelection(toggled(selection, id));
  } else if (event.key === "F2") {
    setRenaming({ id, isByKey: true });
  } else if (event.key === "Delete" && !event.ctrlKey) {
    // Where it is held down, the focus is on the next row by then.
    if (!event.repeat) remove(id, selection, actions);
  } else if (event.key === "Escape" && selection.ids.size > 0) {
    setSelection(NOTHING);
  } else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
    if (event.target instanceof Element) openMenuOf(event.target);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** The row, or where it is selected all that are. */
function remove(id: string, { ids }: Selection, actions: RowActions): void {
  if (ids.has(id)) actions.changeMany([...ids], { key: "removed", value: true });
  else actions.remove(id);
}

interface Setters {
  readonly setSelection: SetSelection;
  readonly setRenaming: SetRenaming;
}

/** Space on a row's menu button presses that. */
function isOnLink({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.matches(".conversation-link");
}

function useFocusAfterRenaming(renaming: Renaming | null, focusRow: (id: string) => void): void {
  const environment = useEnvironment();
  const before = useRef(renaming);
  useEffect(() => {
    const ended = renaming === null ? before.current : null;
    before.current = renaming;
    if (!ended?.isByKey) return;
    environment.onNextFrame(() => {
      const isLeft = document.activeElement?.matches(".menu-button, body") === true;
      if (isLeft) focusRow(ended.id);
    });
  }, [renaming, environment, focusRow]);
}

/** The conversation of the row that an event came from. */
export function rowIdOf(target: EventTarget | null): string | null {
  return target instanceof Element ? (rowOf(target)?.dataset["conversationId"] ?? null) : null;
}

/** Opens the menu of the row that this stands in, as a press on its button does. */
export function openMenuOf(target: Element): void {
  rowOf(target)?.querySelector<HTMLElement>(".menu-button")?.click();
}

function rowOf(target: Element): HTMLElement | null {
  return target.closest<HTMLElement>("[data-conversation-id]");
}
