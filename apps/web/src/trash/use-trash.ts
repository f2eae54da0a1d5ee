/** The trash as components follow it: loaded when it is opened, page by page, and anew when something was deleted or restored. */
import type { ConversationId, TrashedConversation } from "@instep/protocol";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { tellFailure, tellRestoreFailure } from "../toasts/tell-failure.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { type Failure, isFailure, type Result } from "../sync/device.ts";
import { useDevice, useDeviceEvents } from "../sync/device-context.ts";

export interface Trash {
  readonly phase: "loading" | "ready" | "failed";
  readonly conversations: readonly TrashedConversation[];
  readonly problem: Failure | null;
  readonly more: (() => void) | null;
  /** Loads it anew, where that failed. */
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

const NOTHING: Listed = { conversations: [], cursor: null };

export function useTrash(): Trash {
  const { transport, actions, conversations: live } = useDevice();
  const events = useDeviceEvents();
  const toasts = useToasts();
  const [{ conversations, cursor }, setListed] = useState(NOTHING);
  const [phase, setPhase] = useState<Trash["phase"]>("loading");
  const [problem, setProblem] = useState<Failure | null>(null);

  const loads = useRef(0);
  const load = useCallback(
    async (from: string | null, isAnew = false) => {
      const number = ++loads.current;
      const page = await transport.trash(from);
      // A later question has the newer answer, whichever comes first.
      if (number !== loads.current) return;
      setPhase(isFailure(page) ? "failed" : "ready");
      setProblem(isFailure(page) ? page : null);
      if (isFailure(page)) return;
      const next = { conversations: page.conversations, cursor: page.next_cursor };
      setListed((before) => {
        if (from !== null) return { ...next, conversations: [...before.conversations, ...next.conversations] };
        return isAnew ? next : withFirstPage(before, next, (id) => live.get(id) !== undefined);
      });
    },
    [transport, live],
  );
  useEffect(() => void load(null), [load]);

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

  const hide = (id: string) =>
    setListed((before) => ({ ...before, conversations: before.conversations.filter((row) => row.id !== id) }));
  /** What could not be done is undone by the server's list; else nobody is thrown back to its first page. */
  const reloadAfter = async (result: Promise<Result<unknown>>) => load(null, isFailure(await result));
  return {
    phase,
    conversations,
    problem,
    more: cursor === null ? null : () => void load(cursor),
    retry: () => {
      setPhase("loading");
      void load(null);
    },
    restore: (id) => {
      hide(id);
      const result = actions.restore(id);
      void tellRestoreFailure(toasts, `trash-${id}`, result);
      void reloadAfter(result);
    },
    erase: (id) => {
      hide(id);
      const result = transport.remove(id as ConversationId, true);
      void tellFailure(toasts, `trash-${id}`, result);
      void reloadAfter(result);
    },
    empty: () => {
      const result = transport.emptyTrash();
      setListed(NOTHING);
      void tellFailure(toasts, "trash-empty", result);
      void reloadAfter(result);
    },
  };
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
