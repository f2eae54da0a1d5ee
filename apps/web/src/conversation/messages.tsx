/** The messages of the open conversation, from the oldest loaded to the reply that is being written. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { patientLazyPart } from "../design/lazy-part.tsx";
import { failureText, turnFailureWords } from "../errors/failure-texts.ts";
import { UnfoldedContext } from "../markdown/unfolded-context.ts";
import type { ConversationView } from "../sync/device.ts";
import type { MessageActions, PendingActions } from "./use-conversation-actions.ts";
import type { EarlierVersion } from "./use-earlier-version.ts";
import { JumpToLatest } from "./jump-to-latest.tsx";
import { messageRow, replyRow, useMessageRows } from "./message-rows.tsx";
import { NewMessagesBanner } from "./new-messages-banner.tsx";
import { PendingMessage } from "./pending-message.tsx";
import { useFollowAlong } from "./use-follow-along.ts";
import { useNewBelow } from "./use-new-below.ts";
import { useFoundPlace } from "./use-found-place.ts";
import { useScroll } from "./use-scroll.ts";
import { t } from "../words/words.ts";
import "./messages.css";

const JumpToUnread = patientLazyPart(async () => (await import("./jump-to-unread.tsx")).JumpToUnread);

export interface MessagesProps {
  readonly view: ConversationView;
  /** A reply is being written, here or elsewhere, shown yet or not. */
  readonly isGenerating: boolean;
  readonly actions: MessageActions & PendingActions;
  readonly onLoadOlder: () => void;
  /** Loads what came elsewhere, and goes to the end, from what a search found too. */
  readonly onLoadNewer: () => void;
  /** Loads what follows upon the surroundings of what a search found. */
  readonly onLoadLater: () => void;
  /** Goes to a message that is not loaded: where the unread begins. */
  readonly onShowUnread: (seq: number) => void;
  /** Goes from there to the end. */
  readonly onShowLatest: () => void;
  /** Shown where there is no message: none yet, or none that could be loaded. */
  readonly emptyState: ComponentChildren;
  /** Goes up by one when the reader wants to be at the end: a send of their own. */
  readonly jumpCount: number;
  /** What of it is an earlier version, and the way through those. */
  readonly versions?: Pick<EarlierVersion, "shown" | "step" | "leave">;
}

/** The log with its banner, its divider and the way back to the end. */
export function Messages(props: MessagesProps) {
  const { view, isGenerating, actions, onLoadOlder, onLoadNewer, onLoadLater, emptyState, jumpCount } = props;
  const { messages, pending, hasLater } = view;
  const isEarlier = !!props.versions?.shown;
  // What stands goes on elsewhere than at the end of an earlier version.
  const below = { ...view, hasLater: hasLater || isEarlier };
  const reply = hasLater ? null : view.reply;
  const flowing = useRef(false);
  const { frame, content, isAtEnd, handleScroll, handleFocus, jumpToEnd, stay } = useScroll({
    conversationId: view.id,
    firstSeq: messages[0]?.seq ?? null,
    dividerSeq: view.firstNewSeq,
    staleSendId: pending.find(({ problem }) => problem?.failed === "stale_conversation")?.clientMessageId ?? null,
    hasLater: below.hasLater,
    isFound: view.found !== null,
    sendCount: jumpCount,
    isFlowing: () => flowing.current,
    onNearBottom: () => {
      if (hasLater && !isEarlier && !view.isLoadingLater && !view.laterProblem) onLoadLater();
    },
    onNearTop: () => {
      if (view.hasOlder && !view.isLoadingOlder && !view.problem) onLoadOlder();
    },
  });
  useFoundPlace({ content, view, onPlaced: stay });
  const isFlowing = useFollowAlong(below, isAtEnd, onLoadNewer);
  flowing.current = isFlowing;
  const rows = useMessageRows(view, actions, props.versions);
  const newBelow = useNewBelow(below, isAtEnd);
  const [unfolded] = useState(() => new Set<string>());
  const isEmpty = messages.length === 0 && (hasLater || pending.length === 0) && reply === null;
  return (
    <div class="messages-frame">
      <UnreadAbove view={view} onShowUnread={props.onShowUnread} />
      {view.newMessages > 0 && !isFlowing && (
        <NewMessagesBanner count={view.newMessages} problem={view.newerProblem} onShow={onLoadNewer} />
      )}
      <div
        id="messages"
        role="log"
        aria-label={t("Messages")}
        aria-live="off"
        aria-busy={view.phase === "loading"}
        tabIndex={0}
        ref={frame}
        onScroll={handleScroll}
        onFocusIn={handleFocus}
      >
        <div class="messages-content" data-empty={isEmpty} ref={content}>
          <OlderNote view={view} onRetry={onLoadOlder} />
          {isEmpty && view.phase === "loading" && <MessagesSkeleton />}
          {isEmpty && view.phase !== "loading" && emptyState}
          <UnfoldedContext.Provider value={unfolded}>
            {[
              ...rows,
              ...pendingRows(view, actions, true),
              ...(reply ? [replyRow(reply)] : []),
              ...pendingRows(view, actions, false),
            ]}
          </UnfoldedContext.Provider>
          <EndNotes {...{ view, isGenerating, isEarlier, onLoadLater }} onAskAgain={actions.askAgain} />
        </div>
      </div>
      {(!isAtEnd || hasLater) && (
        <JumpToLatest
          newCount={newBelow}
          onJump={() => {
            props.versions?.leave();
            // What its count says is new may be the banner's; the divider then leads there.
            (view.newMessages > 0 ? onLoadNewer : props.onShowLatest)();
            jumpToEnd();
          }}
        />
      )}
    </div>
  );
}

function UnreadAbove({ view, onShowUnread }: Pick<MessagesProps, "view" | "onShowUnread">) {
  const { earlierNewSeq: seq } = view;
  return seq === null ? null : <JumpToUnread onJump={() => onShowUnread(seq)} />;
}

/** What is being sent stands before the reply that answers it; what waits or was rejected, after one that answers something else. */
function pendingRows({ messages, pending, hasLater }: ConversationView, actions: PendingActions, isBeingSent: boolean) {
  if (hasLater) return [];
  return pending
    .filter(({ state }) => (state === "sending") === isBeingSent)
    .filter(({ clientMessageId }) => !messages.some(({ client_message_id: sent }) => sent === clientMessageId))
    .map((send) => messageRow(send.clientMessageId, <PendingMessage send={send} actions={actions} />));
}

/** Older messages are on their way, or could not be loaded: said where they would stand, and not tried again by itself at every move. */
function OlderNote({ view, onRetry }: { readonly view: ConversationView; readonly onRetry: () => void }) {
  if (view.isLoadingOlder) return <p class="messages-note">{t("Loading older messages…")}</p>;
  if (view.phase !== "ready" || !view.problem || !view.hasOlder) return null;
  return (
    <p class="messages-note">
      {failureText(view.problem.failed).title}{" "}
      <button type="button" class="button plain" onClick={onRetry}>
        {t("Load older messages")}
      </button>
    </p>
  );
}

type EndNotesProps = UnansweredProps & Pick<MessagesProps, "onLoadLater"> & { readonly isEarlier: boolean };

/** What is to be said after the last message that is shown: of what follows it, or of its turn; nothing under an earlier version. */
function EndNotes({ isEarlier, onLoadLater, ...end }: EndNotesProps) {
  if (isEarlier) return null;
  if (end.view.hasLater) return <LaterNote view={end.view} onRetry={onLoadLater} />;
  return (
    <>
      <TurnProblem {...end} />
      <Unanswered {...end} />
    </>
  );
}

/** What follows upon the surroundings of what was found, on its way or not to be had. */
function LaterNote({ view, onRetry }: { readonly view: ConversationView; readonly onRetry: () => void }) {
  const problem = view.isLoadingLater ? null : view.laterProblem;
  return (
    <p class="messages-note later">
      {problem && (
        <>
          {failureText(problem.failed).title}{" "}
          <button type="button" class="button plain" onClick={onRetry}>
            {t("Load newer messages")}
          </button>
        </>
      )}
      {view.isLoadingLater && t("Loading newer messages…")}
    </p>
  );
}

interface TurnProblemProps {
  readonly view: ConversationView;
  readonly onAskAgain: (seq: number) => void;
}

/** A turn that ended without a reply of its own: the words, and the way to ask again. */
function TurnProblem({ view, onAskAgain }: TurnProblemProps) {
  const failure = view.turnFailure;
  const last = view.messages.at(-1);
  // A reply that failed with some text says so itself; one that came back tells of another end.
  const told = last?.status === "interrupted" ? "reply_interrupted" : last?.error?.code;
  if (!failure || view.reply || told === failure.code) return null;
  const seq = failure.askAgainFromSeq;
  const isOffered = last?.status !== "complete" && last?.seq === seq;
  return (
    <div class="turn-problem">
      <p class="message-ending failed" role="alert">
        <span>{turnFailureWords(failure)}</span>
        {seq !== null && !isOffered && (
          <button type="button" class="button" onClick={() => onAskAgain(seq)}>
            {t("Try again")}
          </button>
        )}
      </p>
    </div>
  );
}

type UnansweredProps = TurnProblemProps & Pick<MessagesProps, "isGenerating">;

/** The last message has no reply, and nobody writes one: its turn failed before this page was opened, or nothing ever answered it. */
function Unanswered({ view, isGenerating, onAskAgain }: UnansweredProps) {
  const { phase, messages, pending, reply, turnFailure, newMessages } = view;
  const last = messages.at(-1);
  const isIdle = phase === "ready" && !isGenerating && reply === null && turnFailure === null && pending.length === 0;
  if (!isIdle || newMessages > 0 || last?.role !== "user") return null;
  return (
    <div class="turn-problem">
      <p class="message-ending">
        <span>{t("No reply came to this message.")}</span>
        <button type="button" class="button" onClick={() => onAskAgain(last.seq)}>
          {t("Try again")}
        </button>
      </p>
    </div>
  );
}

function MessagesSkeleton() {
  return (
    <div class="messages-skeleton" aria-hidden="true">
      <span class="short" />
      <span />
      <span />
      <span class="half" />
    </div>
  );
}
