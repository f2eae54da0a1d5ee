/** Which rows are selected, and where keys lead from a row. Pure. */

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Where a range begins; null: nowhere yet. */
  readonly anchor: string | null;
}

export const NOTHING: Selection = { ids: new Set(), anchor: null };

/** One more, or one less. */
export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/** All from where the range begins up to this one, in the list's order, and nothing else. */
export function ranged({ anchor }: Selection, id: string, order: readonly string[]): Selection {
  const [from, to] = [order.indexOf(anchor ?? id), order.indexOf(id)];
  if (from === -1) return { ids: new Set([id]), anchor: id };
  return { ids: new Set(order.slice(Math.min(from, to), Math.max(from, to) + 1)), anchor };
}

/** Without those that are there no more; the same where all are. */
export function stillThere(selection: Selection, order: readonly string[]): Selection {
  if (selection.ids.size === 0) return selection;
  const left = order.filter((id) => selection.ids.has(id));
  return left.length === selection.ids.size ? selection : { ...selection, ids: new Set(left) };
}

/** So many rows a page key goes. */
const PAGE_ROWS = 10;

/** Where a key leads from a row; undefined where it leads nowhere. */
export function rowAtKey(order: readonly string[], id: string, key: string): string | undefined {
  const at = order.indexOf(id);
  const last = order.length - 1;
  if (at === -1) return undefined;
  switch (key) {
    case "ArrowDown":
      return order[Math.min(last, at + 1)];
    case "ArrowUp":
      return order[Math.max(0, at - 1)];
    case "PageDown":
      return order[Math.min(last, at + PAGE_ROWS)];
    case "PageUp":
      return order[Math.max(0, at - PAGE_ROWS)];
    case "Home":
      return order[0];
    case "End":
      return order[last];
    default:
      return undefined;
  }
}
