/** The trash as components follow it: loaded when it is opened, page by page, and anew when something was deleted or restored. */
import type { ConversationId, TrashedConversation } from "@instep/protocol";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { tellFailure, tellRestoreFailure } from "../toasts/tell-failure.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { type Failure, isFailure, type Result } from "../sync/device.ts";
import { useDevice, useDeviceEvents } from "../sync/device-context.ts";

export interface Trash {
  /** It is asked for, and nothing is known of it. */
  readonly isLoading: boolean;
  readonly conversations: readonly TrashedConversation[];
  /** Why the list as it is now, or its next page, could not be had; what is shown stays. */
  readonly problem: Failure | null;
  readonly more: (() => void) | null;
  /** Asks once more for what could not be had. */
  readonly retry: () => void;
  readonly restore: (id: string) => void;
  readonly erase: (id: string) => void;
  /** Erases all that is in it. */
  readonly empty: () => void;
}

/** As far as it is loaded. */
interface Listed {
  readonly conversations: readonly TrashedConversation[];
  /** Where it goes on; null at its end. */
  readonly cursor: string | null;
}

/** A question that failed. */
interface FailedLoad {
  readonly problem: Failure;
  readonly from: string | null;
}

const NOTHING: Listed = { conversations: [], cursor: null };

export function useTrash(): Trash {
  const { transport, actions, conversations: live } = useDevice();
  const toasts = useToasts();
  const [{ conversations, cursor }, setListed] = useState(NOTHING);
  const [isLoading, setIsLoading] = useState(true);
  const [failed, setFailed] = useState<FailedLoad | null>(null);

  const loads = useRef(0);
  /** What was taken out of the list for something that failed, until the server's list says where it is. */
  const undone = useRef<readonly TrashedConversation[]>([]);
  const load = useCallback(
    async (from: string | null, isAnew = false) => {
      const number = from === null ? ++loads.current : loads.current;
      if (from !== null) setFailed(null);
      const page = await transport.trash(from);
      // Of the first page a later question has the newer answer, whichever comes first.
      if (from === null && number !== loads.current) return;
      setIsLoading(false);
      setFailed(isFailure(page) ? { problem: page, from } : null);
      const back = undone.current;
      if (isFailure(page) || from === null) undone.current = [];
      if (isFailure(page)) return setListed((before) => withBack(before, back));
      const next = { conversations: page.conversations, cursor: page.next_cursor };
      setListed((before) => {
        if (from !== null) return withNextPage(before, next, { from, isLive: (id) => live.get(id) !== undefined });
        return isAnew ? next : withFirstPage(before, next, (id) => live.get(id) !== undefined);
      });
    },
    [transport, live],
  );
  useEffect(() => void load(null), [load]);

  useTrashChanges(conversations, load);

  /** Takes them out of the list until the server says what became of them. */
  const hide = (isHidden: (row: TrashedConversation) => boolean) => {
    setListed((before) => ({ ...before, conversations: before.conversations.filter((row) => !isHidden(row)) }));
    return conversations.filter(isHidden);
  };
  /** What could not be done is undone by the server's list; else nobody is thrown back to its first page. */
  const reloadAfter = async (result: Promise<Result<unknown>>, hidden: readonly TrashedConversation[]) => {
    const hasFailed = isFailure(await result);
    if (hasFailed) undone.current = [...undone.current, ...hidden];
    await load(null, hasFailed);
  };
  return {
    isLoading,
    conversations,
    problem: failed?.problem ?? null,
    more: cursor === null ? null : () => void load(cursor),
    retry: () => {
      if (conversations.length === 0) setFailed(null);
      setIsLoading(true);
      void load(failed?.from ?? null);
    },
    restore: (id) => {
      const hidden = hide((row) => row.id === id);
      const result = actions.restore(id);
      void tellRestoreFailure(toasts, `trash-${id}`, result);
      void reloadAfter(result, hidden);
    },
    erase: (id) => {
      const hidden = hide((row) => row.id === id);
      const result = transport.remove(id as ConversationId, true);
      void tellFailure(toasts, `trash-${id}`, result);
      void reloadAfter(result, hidden);
    },
    empty: () => {
      const result = transport.emptyTrash();
      setListed(NOTHING);
      void tellFailure(toasts, "trash-empty", result);
      void reloadAfter(result, conversations);
    },
  };
}

/** Asks anew where what changed is in the trash, or may have come into it. */
function useTrashChanges(conversations: readonly TrashedConversation[], load: (from: null) => Promise<void>): void {
  const { conversations: live } = useDevice();
  const events = useDeviceEvents();
  const shown = useRef(conversations);
  shown.current = conversations;
  useEffect(
    () =>
      events.onUpdated((ids) => {
        const isOfTrash = (id: string) => !live.get(id) || shown.current.some((row) => row.id === id);
        if (ids.some(isOfTrash)) void load(null);
      }),
    [events, live, load],
  );
}

/** With rows that were taken out of it for nothing, in their places. */
function withBack({ conversations, cursor }: Listed, back: readonly TrashedConversation[]): Listed {
  const ids = new Set(back.map(({ id }) => id));
  const all = [...back, ...conversations.filter(({ id }) => !ids.has(id))];
  return { conversations: all.toSorted((one, other) => other.deleted_at.localeCompare(one.deleted_at)), cursor };
}

/** With a further page, where the list still goes on from there: what has come in or out of the trash meanwhile stands or goes as it does. */
function withNextPage(
  before: Listed,
  page: Listed,
  { from, isLive }: { readonly from: string; readonly isLive: (id: string) => boolean },
): Listed {
  if (before.cursor !== from) return before;
  const ids = new Set(before.conversations.map(({ id }) => id));
  const rest = page.conversations.filter(({ id }) => !ids.has(id) && !isLive(id));
  return { conversations: [...before.conversations, ...rest], cursor: page.cursor };
}

/** The first page as it is now, with what is shown after its last one, where that is known; not what has come out of the trash. */
function withFirstPage({ conversations, cursor }: Listed, page: Listed, isLive: (id: string) => boolean): Listed {
  const last = page.conversations.at(-1)?.id;
  const at = conversations.findIndex(({ id }) => id === last);
  if (page.cursor === null || at === -1) return page;
  const ids = new Set(page.conversations.map(({ id }) => id));
  const rest = conversations.slice(at + 1).filter(({ id }) => !ids.has(id) && !isLive(id));
  return rest.length === 0 ? page : { conversations: [...page.conversations, ...rest], cursor };
}
