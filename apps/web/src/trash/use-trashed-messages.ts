/** The messages of a conversation that is in the trash: the newest, and older ones as one asks for them. */
import type { ConversationId, Message } from "@instep/protocol";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Failure, isFailure } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";

export interface TrashedMessages {
  readonly phase: "loading" | "ready" | "failed";
  readonly messages: readonly Message[];
  readonly problem: Failure | null;
  /** Loads what is older, or what could not be loaded; null where that is all, or is on its way. */
  readonly more: (() => void) | null;
}

const LOADING: Omit<TrashedMessages, "more"> = { phase: "loading", messages: [], problem: null };

export function useTrashedMessages(id: string): TrashedMessages {
  const { transport } = useDevice();
  const [state, setState] = useState(LOADING);
  // Before what the next ones stand, null for the newest; undefined where none are to be had now.
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const isOpen = useRef(true);
  const load = useCallback(
    async (before: string | null) => {
      setNext(undefined);
      setState((known) => ({ ...known, phase: "loading", problem: null }));
      const page = await transport.trashMessages(id as ConversationId, before);
      if (!isOpen.current) return;
      if (isFailure(page)) {
        setState((known) => ({ ...known, phase: "failed", problem: page }));
        setNext(before);
        return;
      }
      setState((known) => ({ phase: "ready", problem: null, messages: [...page.messages, ...known.messages] }));
      setNext(page.message_pagination.older_cursor ?? undefined);
    },
    [transport, id],
  );
  useEffect(() => {
    isOpen.current = true;
    void load(null);
    return () => {
      isOpen.current = false;
    };
  }, [load]);
  return { ...state, more: next === undefined ? null : () => void load(next) };
}
