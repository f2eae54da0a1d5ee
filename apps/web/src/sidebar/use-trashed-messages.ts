/** The messages of a conversation that is in the trash: the newest, and older ones as one asks for them. */
import type { ConversationId, Message } from "@instep/protocol";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Failure, isFailure } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";

export interface TrashedMessages {
  readonly phase: "loading" | "ready" | "failed";
  readonly messages: readonly Message[];
  readonly problem: Failure | null;
  /** Loads what is older; null where that is all, or is on its way. */
  readonly older: (() => void) | null;
}

const LOADING: Omit<TrashedMessages, "older"> = { phase: "loading", messages: [], problem: null };

export function useTrashedMessages(id: string): TrashedMessages {
  const { transport } = useDevice();
  const [state, setState] = useState(LOADING);
  const [cursor, setCursor] = useState<string | null>(null);
  const isOpen = useRef(true);
  const load = useCallback(
    async (before: string | null) => {
      setCursor(null);
      const page = await transport.trashMessages(id as ConversationId, before);
      if (!isOpen.current) return;
      if (isFailure(page)) return setState((known) => ({ ...known, phase: "failed", problem: page }));
      setState((known) => ({ phase: "ready", problem: null, messages: [...page.messages, ...known.messages] }));
      setCursor(page.message_pagination.older_cursor);
      return undefined;
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
  return { ...state, older: cursor === null ? null : () => void load(cursor) };
}
