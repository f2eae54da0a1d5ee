/** The trash: what was deleted, until when it stays, and the way back or out for good. */
import type { TrashedConversation } from "@instep/protocol";
import RotateCcw from "lucide-react/icons/rotate-ccw";
import Trash2 from "lucide-react/icons/trash-2";
import { useState } from "preact/hooks";
import { IconButton } from "../design/icon-button.tsx";
import "./trash-list.css";

export interface TrashListProps {
  readonly conversations: readonly TrashedConversation[];
  /** Unix milliseconds. */
  readonly now: number;
  readonly onRestore: (id: string) => void;
  readonly onErase: (id: string) => void;
  /** Shown where there is more; loads it. */
  readonly onMore: (() => void) | null;
}

const DAY_MS = 86_400_000;

export function TrashList({ conversations, now, onRestore, onErase, onMore }: TrashListProps) {
  return (
    <div class="trash-list">
      <ul aria-label="Trash">
        {conversations.map((conversation) => (
          <TrashRow
            key={conversation.id}
            conversation={conversation}
            daysLeft={Math.max(0, Math.ceil((Date.parse(conversation.purge_at) - now) / DAY_MS))}
            onRestore={() => onRestore(conversation.id)}
            onErase={() => onErase(conversation.id)}
          />
        ))}
      </ul>
      {onMore && (
        <button type="button" class="button plain" onClick={onMore}>
          Show more
        </button>
      )}
    </div>
  );
}

interface TrashRowProps {
  readonly conversation: TrashedConversation;
  readonly daysLeft: number;
  readonly onRestore: () => void;
  readonly onErase: () => void;
}

/** Deleting for good can't be undone, so it asks once, in the row itself. */
function TrashRow({ conversation, daysLeft, onRestore, onErase }: TrashRowProps) {
  const [isAsking, setIsAsking] = useState(false);
  const title = conversation.title || "New chat";
  return (
    <li class={isAsking ? "trash-row asking" : "trash-row"} data-conversation-id={conversation.id} aria-label={title}>
      <div class="trash-text">
        <span class="trash-title">{title}</span>
        <span class="trash-days">{daysLeft === 1 ? "1 day left" : `${daysLeft} days left`}</span>
      </div>
      {isAsking ? (
        <>
          <button type="button" class="button danger" onClick={onErase}>
            Delete for good
          </button>
          <button type="button" class="button" onClick={() => setIsAsking(false)}>
            Keep
          </button>
        </>
      ) : (
        <>
          <IconButton label="Restore" icon={RotateCcw} onClick={onRestore} />
          <IconButton label="Delete for good" icon={Trash2} onClick={() => setIsAsking(true)} />
        </>
      )}
    </li>
  );
}
