/** The trash: what was deleted and when, until when it stays, a look inside, and the way back or out for good. */
import type { TrashedConversation } from "@instep/protocol";
import RotateCcw from "lucide-react/icons/rotate-ccw";
import Trash2 from "lucide-react/icons/trash-2";
import { flushSync } from "preact/compat";
import { useRef, useState } from "preact/hooks";
import { deliberate } from "../design/deliberate.ts";
import { focusOnce } from "../design/focus-once.ts";
import { IconButton } from "../design/icon-button.tsx";
import { ListEnd, type ListEndProps } from "../sidebar/failed.tsx";
import { dayStart } from "../time/day-start.ts";
import { rowTime } from "../time/row-time.ts";
import { TrashLook } from "./trash-look.tsx";
import { plural, t } from "../words/words.ts";
import "./trash-list.css";

export interface TrashListProps extends ListEndProps {
  readonly conversations: readonly TrashedConversation[];
  /** Unix milliseconds. */
  readonly now: number;
  readonly onRestore: (id: string) => void;
  readonly onErase: (id: string) => void;
  readonly onEmpty: () => void;
}

const DAY_MS = 86_400_000;

export function TrashList({ conversations, now, onRestore, onErase, onEmpty, ...end }: TrashListProps) {
  const [lookedInto, setLookedInto] = useState<TrashedConversation | null>(null);
  return (
    <div class="trash-list">
      <EmptyTrash onEmpty={onEmpty} />
      <ul aria-label={t("Trash")}>
        {conversations.map((conversation) => (
          <TrashRow
            key={conversation.id}
            conversation={conversation}
            deleted={deletedWords(conversation.deleted_at, now)}
            daysLeft={daysLeft(conversation, now)}
            onLook={() => setLookedInto(conversation)}
            onRestore={() => onRestore(conversation.id)}
            onErase={() => onErase(conversation.id)}
          />
        ))}
      </ul>
      <ListEnd {...end} />
      {lookedInto && (
        <TrashLook
          conversation={lookedInto}
          onClose={() => setLookedInto(null)}
          onRestore={() => {
            setLookedInto(null);
            onRestore(lookedInto.id);
          }}
        />
      )}
    </div>
  );
}

/** A day that has begun counts; by a clock that is behind the server's, none is left from before it was deleted. */
function daysLeft({ deleted_at: deleted, purge_at: purge }: TrashedConversation, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(purge) - Math.max(now, Date.parse(deleted))) / DAY_MS));
}

/** There are no headings that say the day. */
function deletedWords(at: string, now: number): string {
  if (dayStart(Date.parse(at), 0) === dayStart(now, 1)) return t("Deleted yesterday");
  return t("Deleted {time}", { time: rowTime(at, now) });
}

/** All of it can't be had back, so it asks once, in its own place. */
function EmptyTrash({ onEmpty }: { readonly onEmpty: () => void }) {
  const { isAsking, asker, ask, keep, keepOnEscape } = useQuestion();
  if (!isAsking) {
    return (
      <div class="trash-head">
        <button type="button" class="button plain" ref={asker} onClick={ask}>
          {t("Empty trash")}
        </button>
      </div>
    );
  }
  return (
    <div class="trash-head" onKeyDown={keepOnEscape}>
      <button
        type="button"
        class="button danger"
        onClick={deliberate(() => {
          keep();
          onEmpty();
        })}
      >
        {t("Delete all for good")}
      </button>
      <button type="button" class="button" ref={focusOnce} onClick={keep}>
        {t("Keep all")}
      </button>
    </div>
  );
}

/** A question in the place of the button that asks it, on which the focus is again once all is kept as it was: Escape does that, too. */
function useQuestion() {
  const [isAsking, setIsAsking] = useState(false);
  const asker = useRef<HTMLButtonElement>(null);
  const keep = () => {
    flushSync(() => setIsAsking(false));
    asker.current?.focus();
  };
  const keepOnEscape = (event: KeyboardEvent) => {
    if (!isAsking || event.key !== "Escape") return;
    event.stopPropagation();
    keep();
  };
  return { isAsking, asker, ask: () => setIsAsking(true), keep, keepOnEscape };
}

interface TrashRowProps {
  readonly conversation: TrashedConversation;
  /** When it was, in words. */
  readonly deleted: string;
  readonly daysLeft: number;
  readonly onLook: () => void;
  readonly onRestore: () => void;
  readonly onErase: () => void;
}

/** Deleting for good can't be undone, so it asks once, in the row itself. */
function TrashRow({ conversation, deleted, daysLeft, onLook, onRestore, onErase }: TrashRowProps) {
  const { isAsking, asker, ask, keep, keepOnEscape } = useQuestion();
  const title = conversation.title || t("New chat");
  return (
    <li
      class={isAsking ? "trash-row asking" : "trash-row"}
      data-conversation-id={conversation.id}
      aria-label={title}
      onKeyDown={keepOnEscape}
    >
      <div class="trash-text">
        <button type="button" class="trash-open" title={t("Look inside")} onClick={onLook}>
          <span class="trash-title" dir="auto">
            {title}
          </span>
          <span class="trash-days">{`${deleted} · ${plural(daysLeft, "1 day left", "{count} days left")}`}</span>
        </button>
      </div>
      {isAsking ? (
        <>
          <button type="button" class="button danger" onClick={deliberate(onErase)}>
            {t("Delete for good")}
          </button>
          <button type="button" class="button" ref={focusOnce} onClick={keep}>
            {t("Keep")}
          </button>
        </>
      ) : (
        <>
          <IconButton label={t("Restore")} icon={RotateCcw} onClick={deliberate(onRestore)} />
          <IconButton label={t("Delete for good")} icon={Trash2} buttonRef={asker} onClick={ask} />
        </>
      )}
    </li>
  );
}
