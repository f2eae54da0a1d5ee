/** What can be done in the open conversation: send, stop, ask again, edit, page, retry and discard. */
import { useMemo, useRef } from "preact/hooks";
import { begunAs } from "@instep/protocol";
import { NEW_CHAT, NEW_INSTRUCTIONS } from "../composer/drafts.ts";
import { focusBox } from "../composer/focus-box.ts";
import { useDrafts } from "../composer/use-draft.ts";
import { useEnvironment } from "../environment.ts";
import { conversationPath } from "../routing/route.ts";
import { useNavigation } from "../routing/use-route.ts";
import { useSettings } from "../settings/settings-store.ts";
import { tellFailure } from "../toasts/tell-failure.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { t } from "../words/words.ts";
import { useDevice } from "../sync/device-context.ts";
import { askToStop } from "./ask-to-stop.ts";

/** What can be done with a message; all by its seq. */
export interface MessageActions {
  /** Sends a user message anew with another text, in place of it and what followed [MSG-3]. */
  readonly edit: (seq: number, text: string) => void;
  /** Asks again for a reply, in place of it and what followed [MSG-3]. */
  readonly askAgain: (seq: number) => void;
  /** Asks for the rest of a reply that ended early, in a new turn after it. */
  readonly continueReply: () => void;
}

/** What can be done with a message that the server does not have yet [DEV-12]. */
export interface PendingActions {
  readonly retry: (clientMessageId: string) => void;
  /** Takes it back into the message box, under what is written there, and goes on there. */
  readonly takeBack: (clientMessageId: string) => void;
  /** Takes it back too; right after a retry it does nothing, since the click was meant for that. */
  readonly discard: (clientMessageId: string) => void;
}

export interface OpenConversationActions extends MessageActions, PendingActions {
  readonly send: (text: string) => void;
  readonly stop: () => void;
  readonly loadOlder: () => void;
  readonly loadNewer: () => void;
  readonly loadLater: () => void;
  readonly setModel: (model: string) => void;
}

export interface ConversationActionsInput {
  /** Null for a new chat. */
  readonly id: string | null;
  /** What was chosen for a new chat; null where nothing was: then the server decides [TURN-10]. */
  readonly model: string | null;
  readonly onSent: () => void;
  /** Changes what is chosen for the next new chat: what is taken back from one goes on there. */
  readonly onNewModel: (change: (chosen: string | null) => string | null) => void;
}

/** What a person would write to have a reply go on; it stands in the conversation like any other message. */
const CONTINUE_TEXT = "Continue where you stopped.";

/** So long after one click a second one belongs to it. */
const DOUBLE_CLICK_MS = 700;

/** The actions; the same object for as long as the conversation is the same, so that messages aren't rendered again. */
export function useConversationActions(input: ConversationActionsInput): OpenConversationActions {
  const device = useDevice();
  const drafts = useDrafts();
  const toasts = useToasts();
  const environment = useEnvironment();
  const { navigate } = useNavigation();
  const [{ isStreaming }] = useSettings();
  const latest = useRef({ ...input, isStreaming });
  latest.current = { ...input, isStreaming };
  const { id } = input;
  return useMemo(() => {
    const { turns, views, actions, conversations } = device;
    const options = () => ({
      mode: latest.current.isStreaming ? ("stream" as const) : ("batch" as const),
    });
    const open = id ?? "";
    let retriedAt = Number.NEGATIVE_INFINITY;
    const takeBack = async (clientMessageId: string) => {
      const wasLocal = conversations.get(open)?.isLocal === true;
      const taken = await turns.discard(clientMessageId);
      if (!taken?.text) return;
      drafts.add(id ?? NEW_CHAT, taken.text);
      const isOnlyHere = wasLocal && conversations.get(open)?.isLocal !== false;
      if (!isOnlyHere || views.get(open)?.pending.length) return;
      // Such a chat is gone once one looks elsewhere: what is written in it goes on in a new one, as that was begun.
      drafts.move(open, NEW_CHAT);
      if (drafts.get(NEW_INSTRUCTIONS).trim() === "") drafts.set(NEW_INSTRUCTIONS, taken.instructions ?? "");
      latest.current.onNewModel((chosen) => chosen ?? taken.model);
      if (location.pathname === conversationPath(open)) navigate("/", { replace: true });
    };
    // What is sent late, from under an earlier version, moves nobody who has gone on to another conversation.
    const sent = () => {
      if (latest.current.id === id) latest.current.onSent();
    };
    const sendNew = (text: string) => {
      const instructions = drafts.get(NEW_INSTRUCTIONS);
      // They are this chat's, and not the next one's.
      drafts.set(NEW_INSTRUCTIONS, "");
      const made = { ...options(), ...(instructions.trim() !== "" && { instructions }) };
      const draft = actions.createDraft(latest.current.model ?? undefined);
      void turns.send(draft, text, made);
      // It is there, however long the store takes: what is written from now on is written in it [DEV-12].
      navigate(conversationPath(begunAs(draft)));
    };
    const send = (text: string) => {
      if (id === null) sendNew(text);
      else void turns.send(id, text, options());
      sent();
    };
    return {
      send,
      continueReply: () => send(t(CONTINUE_TEXT)),
      stop: () => askToStop(device, toasts, open),
      edit: (seq, text) => {
        void turns.send(open, text, { ...options(), replaceFromSeq: seq });
        sent();
      },
      askAgain: (seq) => {
        void turns.askAgain(open, seq, options());
        sent();
      },
      retry: (clientMessageId) => {
        retriedAt = environment.now();
        turns.retry(clientMessageId);
      },
      takeBack: (clientMessageId) => {
        void takeBack(clientMessageId);
        focusBox();
      },
      discard: (clientMessageId) => {
        // The clock may have stepped back.
        if (Math.abs(environment.now() - retriedAt) >= DOUBLE_CLICK_MS) void takeBack(clientMessageId);
      },
      loadOlder: () => void views.loadOlder(open),
      loadNewer: () => void views.loadNewer(open),
      loadLater: () => void views.loadLater(open),
      setModel: (model) => void tellFailure(toasts, `model-${open}`, actions.setModel(open, model)),
    };
  }, [device, drafts, toasts, navigate, environment, id]);
}
