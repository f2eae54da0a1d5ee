/** The stored messages as rows, with what stands between them: days, and where the new begins. */
import type { Message } from "@instep/protocol";
import { type ComponentChildren, Fragment } from "preact";
import { useMemo } from "preact/hooks";
import { ShowsAnyway } from "../design/shows-anyway.tsx";
import { useToday } from "../sidebar/use-list-sections.ts";
import type { ConversationView } from "../sync/device.ts";
import type { MessageActions } from "../sync/use-conversation-actions.ts";
import type { EarlierVersion } from "../sync/use-earlier-version.ts";
import { beginsDay, dayWords } from "./day-words.ts";
import { MessageItem } from "./message-item.tsx";

/**
 * The messages that the server has. The same elements for as long as nothing of them changes: while a reply grows below, hundreds of
 * them are left alone in every frame. A message keeps its key from its first showing here, so that being stored never renders it anew.
 */
export function useMessageRows(
  view: ConversationView,
  actions: MessageActions,
  versions: Pick<EarlierVersion, "shown" | "step"> | undefined,
): readonly ComponentChildren[] {
  const { messages, reply, firstNewSeq } = view;
  const shown = versions?.shown ?? null;
  const onVersion = versions?.step;
  // An earlier version can be looked at; what stands can be changed.
  const isLocked = reply !== null || shown !== null;
  const isFollowed = view.pending.length > 0 || view.hasLater;
  const foundSeq = view.found?.seq ?? null;
  const isAnswered = reply === null;
  const today = useToday();
  return useMemo(() => {
    const last = isFollowed ? undefined : messages.at(-1);
    return messages.map((message, index) => (
      <Fragment key={rowKey(message)}>
        {beginsDay(message, messages[index - 1], today) && <DayDivider at={message.created_at} today={today} />}
        {message.seq === firstNewSeq && <Divider />}
        <div class="message-row">
          <ShowsAnyway fallback={<BrokenMessage message={message} />}>
            <MessageItem
              message={message}
              actions={actions}
              isLocked={isLocked}
              isLast={message === last}
              isFound={message.seq === foundSeq}
              version={message.seq === shown?.seq ? shown : undefined}
              {...(onVersion && isAnswered && { onVersion })}
            />
          </ShowsAnyway>
        </div>
      </Fragment>
    ));
  }, [
    messages,
    isLocked,
    isFollowed,
    firstNewSeq,
    foundSeq,
    actions,
    shown?.seq,
    shown?.number,
    onVersion,
    isAnswered,
    today,
  ]);
}

/** A message that can't be shown as it should: its words at least, and the others as ever. */
function BrokenMessage({ message: { id, role, content } }: { readonly message: Message }) {
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
    <div class="new-messages-divider" role="separator" aria-label="New messages">
      <span aria-hidden="true">New</span>
    </div>
  );
}

function rowKey(message: Message): string {
  return message.role === "user" ? (message.client_message_id ?? message.id) : message.id;
}
