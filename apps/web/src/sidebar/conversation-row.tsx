/** One row of the list: title, badge, generating dot, and the menu with everything that can be done to a conversation. */
import Archive from "lucide-react/icons/archive";
import ArchiveRestore from "lucide-react/icons/archive-restore";
import Ellipsis from "lucide-react/icons/ellipsis";
import MailOpen from "lucide-react/icons/mail-open";
import Mail from "lucide-react/icons/mail";
import Pencil from "lucide-react/icons/pencil";
import Pin from "lucide-react/icons/pin";
import PinOff from "lucide-react/icons/pin-off";
import Trash2 from "lucide-react/icons/trash-2";
import { useState } from "preact/hooks";
import { Menu, type MenuItem } from "../design/menu.tsx";
import { conversationPath } from "../routing/route.ts";
import { isPlainClick } from "../routing/use-route.ts";
import type { RowActions } from "../sync/use-row-actions.ts";
import { RenameField } from "./rename-field.tsx";
import "./conversation-row.css";

/** What a row shows. */
export interface RowConversation {
  readonly id: string;
  readonly title: string;
  /** `""` where there is none [DEV-3]. */
  readonly badge: string;
  readonly isPinned: boolean;
  readonly isArchived: boolean;
  readonly isGenerating: boolean;
}

export interface ConversationRowProps {
  readonly conversation: RowConversation;
  readonly isActive: boolean;
  readonly actions: RowActions;
}

/** A row; its accessible name says how much is unread, so that the badge is never told by colour alone. */
export function ConversationRow({ conversation, isActive, actions }: ConversationRowProps) {
  const [isRenaming, setIsRenaming] = useState(false);
  const { id, badge } = conversation;
  const title = conversation.title || "New chat";
  const classes = ["conversation-item", isActive && "active", badge && "unread"].filter(Boolean).join(" ");
  return (
    <div
      class={classes}
      data-conversation-id={id}
      role="group"
      aria-label={accessibleName(conversation, title)}
      aria-current={isActive ? "page" : undefined}
    >
      {isRenaming ? (
        <RenameField
          title={title}
          onDone={(renamed) => {
            setIsRenaming(false);
            if (renamed !== null) actions.rename(id, renamed);
          }}
        />
      ) : (
        <RowLink conversation={conversation} title={title} isActive={isActive} onOpen={() => actions.open(id)} />
      )}
      <Menu
        label="Conversation actions"
        icon={Ellipsis}
        items={menuItems(conversation, actions, () => setIsRenaming(true))}
      />
    </div>
  );
}

interface RowLinkProps {
  readonly conversation: RowConversation;
  readonly title: string;
  readonly isActive: boolean;
  readonly onOpen: () => void;
}

/** Named by its title alone: the row has said what is unread when the focus comes to its link. */
function RowLink({ conversation, title, isActive, onOpen }: RowLinkProps) {
  return (
    <a
      class="conversation-link"
      href={conversationPath(conversation.id)}
      aria-current={isActive ? "page" : undefined}
      title={title}
      draggable={false}
      onClick={(event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        onOpen();
      }}
    >
      <span class={conversation.badge ? "conversation-title strong" : "conversation-title"} dir="auto">
        {title}
      </span>
      {conversation.isGenerating && <span class="generating-dot" title="A reply is being written" aria-hidden="true" />}
      {conversation.badge && (
        <span class="unread-badge" aria-hidden="true">
          {conversation.badge}
        </span>
      )}
    </a>
  );
}

function accessibleName({ badge, isGenerating }: RowConversation, title: string): string {
  return [title, badge && `${badge} unread`, isGenerating && "reply being written"].filter(Boolean).join(", ");
}

function menuItems(conversation: RowConversation, actions: RowActions, startRename: () => void): readonly MenuItem[] {
  const { id, isPinned, isArchived, badge } = conversation;
  return [
    { label: "Rename", icon: Pencil, onSelect: startRename },
    isPinned
      ? { label: "Unpin", icon: PinOff, onSelect: () => actions.setPinned(id, false) }
      : { label: "Pin", icon: Pin, onSelect: () => actions.setPinned(id, true) },
    isArchived
      ? { label: "Unarchive", icon: ArchiveRestore, onSelect: () => actions.setArchived(id, false) }
      : { label: "Archive", icon: Archive, onSelect: () => actions.setArchived(id, true) },
    badge
      ? { label: "Mark as read", icon: MailOpen, onSelect: () => actions.markRead(id) }
      : { label: "Mark as unread", icon: Mail, onSelect: () => actions.markUnread(id) },
    { label: "Delete", icon: Trash2, isDanger: true, onSelect: () => actions.remove(id) },
  ];
}
