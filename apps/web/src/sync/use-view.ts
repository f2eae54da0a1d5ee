/** The open conversation as components follow it. */
import type { ConversationId } from "@instep/protocol";
import { useSyncExternalStore } from "preact/compat";
import { useCallback, useEffect, useRef } from "preact/hooks";
import { type PageEnvironment, useEnvironment } from "../environment.ts";
import type { ConversationView, Device } from "./device.ts";
import { useDevice } from "./device-context.ts";

/** Puts a conversation on screen for as long as the component shows it, at a message where a search led to one; null puts none. */
export function useOpenConversation(id: string | null, found: { readonly seq: number } | null): ConversationView {
  const { views } = useDevice();
  const environment = useEnvironment();
  const opened = useRef<{ readonly views: Device["views"]; readonly id: string | null } | null>(null);
  useEffect(() => {
    const isOpen = opened.current?.views === views && opened.current.id === id;
    opened.current = { views, id };
    if (id === null) views.closeConversation();
    else if (isOpen && found === null) views.showLatest(id);
    else void views.openConversation(id, found?.seq);
  }, [views, id, found]);
  useEffect(() => () => views.closeConversation(), [views]);
  const view = useSyncExternalStore(
    useCallback(
      (listener) => (id === null ? () => undefined : followView({ views, id, listener, environment })),
      [views, id, environment],
    ),
    () => (id === null ? undefined : views.get(id)),
  );
  return view ?? (id === null ? NEW_VIEW : LOADING_VIEW);
}

const LOADING_VIEW: ConversationView = {
  id: "" as ConversationId,
  phase: "loading",
  problem: null,
  newerProblem: null,
  messages: [],
  hasOlder: false,
  isLoadingOlder: false,
  hasLater: false,
  isLoadingLater: false,
  laterProblem: null,
  found: null,
  pending: [],
  reply: null,
  turnFailure: null,
  newMessages: 0,
  firstNewSeq: null,
  earlierNewSeq: null,
};

const NEW_VIEW: ConversationView = { ...LOADING_VIEW, phase: "ready" };

interface Follow {
  readonly views: Device["views"];
  readonly id: string;
  readonly listener: () => void;
  readonly environment: PageEnvironment;
}

/** Tells of every change at once, but of tokens once a frame: a page can't show them faster. */
function followView({ views, id, listener, environment }: Follow): () => void {
  let cancelFrame: (() => void) | null = null;
  const notify = () => {
    cancelFrame?.();
    cancelFrame = null;
    listener();
  };
  const end = views.subscribe(id, () => {
    if (views.get(id)?.reply?.phase === "streaming") cancelFrame ??= environment.onNextFrame(notify);
    else notify();
  });
  return () => {
    end();
    cancelFrame?.();
  };
}
