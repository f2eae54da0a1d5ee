/** The trash as components follow it: loaded when it is opened, page by page, and anew when something was deleted or restored. */
import type { ConversationId, TrashedConversation } from "@instep/protocol";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { tellFailure, tellRestoreFailure } from "../toasts/tell-failure.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { type Failure, isFailure } from "../sync/device.ts";
import { useDevice, useDeviceEvents } from "../sync/device-context.ts";

export interface Trash {
  readonly phase: "loading" | "ready" | "failed";
  readonly conversations: readonly TrashedConversation[];
  readonly problem: Failure | null;
  readonly more: (() => void) | null;
  readonly restore: (id: string) => void;
  readonly erase: (id: string) => void;
  /** Erases all that is in it. */
  readonly empty: () => void;
}

export function useTrash(): Trash {
  const { transport, actions, conversations: live } = useDevice();
  const events = useDeviceEvents();
  const toasts = useToasts();
  const [conversations, setConversations] = useState<readonly TrashedConversation[]>([]);
  const [phase, setPhase] = useState<Trash["phase"]>("loading");
  const [problem, setProblem] = useState<Failure | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);

  const loads = useRef(0);
  const load = useCallback(
    async (from: string | null) => {
      const number = ++loads.current;
      const page = await transport.trash(from);
      // A later question has the newer answer, whichever comes first.
      if (number !== loads.current) return;
      setPhase(isFailure(page) ? "failed" : "ready");
      setProblem(isFailure(page) ? page : null);
      if (isFailure(page)) return;
      setConversations((before) => (from === null ? page.conversations : [...before, ...page.conversations]));
      setCursor(page.next_cursor);
    },
    [transport],
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

  const hide = (id: string) => setConversations((before) => before.filter((row) => row.id !== id));
  const reload = () => load(null);
  return {
    phase,
    conversations,
    problem,
    more: cursor === null ? null : () => void load(cursor),
    restore: (id) => {
      hide(id);
      void tellRestoreFailure(toasts, `trash-${id}`, actions.restore(id)).then(reload);
    },
    erase: (id) => {
      hide(id);
      void tellFailure(toasts, `trash-${id}`, transport.remove(id as ConversationId, true)).then(reload);
    },
    empty: () => {
      setConversations([]);
      setCursor(null);
      void tellFailure(toasts, "trash-empty", transport.emptyTrash()).then(reload);
    },
  };
}
