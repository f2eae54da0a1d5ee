/** The stored messages as rows, with what stands between them: days, and where the new begins. */
import type { Message } from "@instep/protocol";
import { type ComponentChildren, Fragment, type RefObject } from "preact";
import { memo } from "preact/compat";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { ErrorBoundary } from "../design/error-boundary.tsx";
import { useToday } from "../time/use-today.ts";
import type { ConversationView, ReplyView } from "../sync/device.ts";
import type { MessageActions } from "./use-conversation-actions.ts";
import type { EarlierVersion } from "./use-earlier-version.ts";
import { beginsDay, dayWords } from "../time/day-words.ts";
import { MessageItem } from "./message-item.tsx";
import { groupNumber, NO_ROWS, regroup } from "./row-groups.ts";
import { t } from "../words/words.ts";

type Versions = Pick<EarlierVersion, "shown" | "step">;

/**
 * The messages that the server has. The same elements for as long as nothing of them changes: while a reply grows below, hundreds of
 * them are left alone in every frame. A message keeps its key from its first showing here, so that being stored never renders it anew.
 */
export function useMessageRows(
  view: ConversationView,
  actions: MessageActions,
  versions: Versions | undefined,
): readonly ComponentChildren[] {
  const { messages, reply, firstNewSeq, hasLater, phase } = view;
  const shown = versions?.shown ?? null;
  const onStep = versions?.step;
  const isFollowed = view.pending.length > 0 || hasLater;
  const foundSeq = view.found?.seq ?? null;
  const isAnswered = reply === null;
  const today = useToday();
  const grouped = useRef(NO_ROWS);
  return useMemo(() => {
    grouped.current = regroup(grouped.current, { messages, isReady: phase === "ready", hasLater });
    const { groups, latest } = grouped.current;
    const lastSeq = isFollowed ? null : (messages.at(-1)?.seq ?? null);
    const of = (some: readonly Message[], before: Message | undefined): RowsProps => ({
      messages: some,
      before,
      actions,
      // An earlier version can be looked at; what stands can be changed.
      isLocked: !isAnswered || shown !== null,
      lastSeq: among(some, lastSeq),
      firstNewSeq: among(some, firstNewSeq),
      foundSeq: among(some, foundSeq),
      shown: among(some, shown?.seq ?? null) === null ? null : shown,
      onVersion: isAnswered ? onStep : undefined,
      today,
    });
    const rows = groups.map((group, index) => (
      <MessageGroup key={groupNumber(group[0])} {...of(group, groups[index - 1]?.at(-1))} />
    ));
    return [...rows, ...messageRows(of(latest, groups.at(-1)?.at(-1)))];
  }, [
    messages,
    phase,
    hasLater,
    isFollowed,
    firstNewSeq,
    foundSeq,
    actions,
    shown?.seq,
    shown?.number,
    onStep,
    isAnswered,
    today,
  ]);
}

interface RowsProps {
  readonly messages: readonly Message[];
  /** The one that stands before them. */
  readonly before: Message | undefined;
  readonly actions: MessageActions;
  readonly isLocked: boolean;
  /** The last message where nothing follows it, the first unread one, and the one that a search led to: each null where it isn't among these. */
  readonly lastSeq: number | null;
  readonly firstNewSeq: number | null;
  readonly foundSeq: number | null;
  readonly shown: Versions["shown"];
  readonly onVersion: Versions["step"] | undefined;
  readonly today: number;
}

/**
 * Messages that the browser leaves out of layout and painting together while they are far from view. While it does, they aren't rendered
 * anew for what changes with every turn: which buttons they have (`isLocked`, `lastSeq`, `onVersion`).
 */
const MessageGroup = memo(function MessageGroup(props: RowsProps) {
  const element = useRef<HTMLDivElement>(null);
  const isFar = useIsLeftOut(element);
  const shown = useRef(props);
  if (!isFar || !isSameContent(shown.current, props)) shown.current = props;
  const { current } = shown;
  return useMemo(
    () => (
      <div class="message-group" ref={element}>
        {messageRows(current)}
      </div>
    ),
    [current],
  );
});

/** Whether the browser leaves it out; never where it can't tell. */
function useIsLeftOut(element: RefObject<HTMLElement | null>): boolean {
  const [isLeftOut, setIsLeftOut] = useState(false);
  // The browser tells it once, with the first frame: whoever listens after that never hears it.
  useLayoutEffect(() => {
    const { current } = element;
    const hear = (event: Event) => {
      if (event.target === current && "skipped" in event) setIsLeftOut(event.skipped === true);
    };
    current?.addEventListener("contentvisibilityautostatechange", hear);
    return () => current?.removeEventListener("contentvisibilityautostatechange", hear);
  }, [element]);
  return isLeftOut;
}

function isSameContent(one: RowsProps, other: RowsProps): boolean {
  return CONTENT.every((name) => one[name] === other[name]);
}

const CONTENT = ["messages", "before", "actions", "firstNewSeq", "foundSeq", "shown"] as const;

function messageRows(props: RowsProps): readonly ComponentChildren[] {
  const { messages, before, firstNewSeq, shown, onVersion, today } = props;
  return messages.map((message, index) =>
    messageRow(
      rowKey(message),
      <ErrorBoundary fallback={<BrokenMessage message={message} />}>
        <MessageItem
          message={message}
          actions={props.actions}
          isLocked={props.isLocked}
          isLast={message.seq === props.lastSeq}
          isFound={message.seq === props.foundSeq}
          version={message.seq === shown?.seq ? shown : undefined}
          {...(onVersion && { onVersion })}
        />
      </ErrorBoundary>,
      <>
        {beginsDay(message, messages[index - 1] ?? before, today) && (
          <DayDivider at={message.created_at} today={today} />
        )}
        {message.seq === firstNewSeq && <Divider />}
      </>,
    ),
  );
}

/** One shape for what is stored and what is not yet: in one list, a row stays the same element through all of it. */
export function messageRow(key: string, content: ComponentChildren, above?: ComponentChildren): ComponentChildren {
  return (
    <Fragment key={key}>
      {above}
      <div class="message-row">{content}</div>
    </Fragment>
  );
}

/** The reply that is being written: as a stored one in shape and key, so that its end makes nothing anew that one may have selected. */
export function replyRow(reply: ReplyView): ComponentChildren {
  const id = reply.replyId ?? "reply";
  return messageRow(
    id,
    <ErrorBoundary fallback={<BrokenMessage message={{ id, role: "assistant", content: reply.text }} />}>
      <MessageItem reply={reply} />
    </ErrorBoundary>,
  );
}

function among(messages: readonly Message[], seq: number | null): number | null {
  return messages.some((message) => message.seq === seq) ? seq : null;
}

interface BrokenMessageProps {
  readonly message: Pick<Message, "id" | "role" | "content">;
}

/** A message that can't be shown as it should: its words at least, and the others as ever. */
function BrokenMessage({ message: { id, role, content } }: BrokenMessageProps) {
  return (
    <article class={`message ${role}`} data-message-id={id}>
      <div class="message-content plain" dir="auto">
        {content}
      </div>
    </article>
  );
}

function DayDivider({ at, today }: { readonly at: string; readonly today: number }) {
  const words = dayWords(at, today);
  return (
    <div class="day-divider" role="separator" aria-label={words}>
      <time datetime={at} aria-hidden="true">
        {words}
      </time>
    </div>
  );
}

function Divider() {
  return (
    <div class="new-messages-divider" role="separator" aria-label={t("New messages")}>
      <span aria-hidden="true">{t("New ¦ messages")}</span>
    </div>
  );
}

function rowKey(message: Message): string {
  return message.role === "user" ? (message.client_message_id ?? message.id) : message.id;
}
