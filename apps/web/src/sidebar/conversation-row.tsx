/** One row of the list: title, badge, generating dot, and the menu with everything that can be done to a conversation. */
import Archive from "lucide-react/icons/archive";
import ArchiveRestore from "lucide-react/icons/archive-restore";
import ListChecks from "lucide-react/icons/list-checks";
import Ellipsis from "lucide-react/icons/ellipsis";
import MailOpen from "lucide-react/icons/mail-open";
import Mail from "lucide-react/icons/mail";
import Pencil from "lucide-react/icons/pencil";
import Pin from "lucide-react/icons/pin";
import PinOff from "lucide-react/icons/pin-off";
import Trash2 from "lucide-react/icons/trash-2";
import { Menu, type MenuItem } from "../design/menu.tsx";
import { useMatches } from "../environment.ts";
import { conversationPath } from "../routing/route.ts";
import type { RowActions } from "./use-row-actions.ts";
import type { RowInList } from "./conversation-list.tsx";
import { RenameField } from "./rename-field.tsx";
import { type English, t } from "../words/words.ts";
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
  /** What of it has not gone out; null where everything has. */
  readonly unsent: Unsent | null;
  /** When it was written in last, in words. */
  readonly time: string;
}

/** A text in its message box, a message that waits for a reply's end or for the network, or one that was not sent. */
export type Unsent = "draft" | "queued" | "waiting" | "failed";

const UNSENT_WORDS = {
  draft: "Draft",
  queued: "Queued",
  waiting: "Waiting",
  failed: "Not sent",
} as const satisfies Readonly<Record<Unsent, English>>;

export interface ConversationRowProps extends RowInList {
  readonly conversation: RowConversation;
  readonly actions: RowActions;
}

/** A row; its accessible name says how much is unread, so that the badge is never told by colour alone. */
export function ConversationRow({ conversation, actions, ...row }: ConversationRowProps) {
  const { id, badge } = conversation;
  const { isActive, isSelected, control } = row;
  const isTouch = useMatches("(pointer: coarse)");
  const title = conversation.title || t("New chat");
  const classes = ["conversation-item", isActive && "active", badge && "unread", isSelected && "selected"];
  return (
    <div
      class={classes.filter(Boolean).join(" ")}
      data-conversation-id={id}
      role="group"
      aria-label={accessibleName(conversation, title, isSelected)}
      aria-current={isActive ? "page" : undefined}
    >
      {row.isRenaming ? (
        <RenameField
          title={title}
          onDone={(renamed) => {
            control.endRenaming();
            if (renamed !== null) actions.rename(id, renamed);
          }}
        />
      ) : (
        <RowLink conversation={conversation} title={title} row={row} />
      )}
      <Menu
        label={t("Conversation actions")}
        icon={Ellipsis}
        tabIndex={row.isTabStop ? 0 : -1}
        items={[
          ...(isTouch
            ? [
                {
                  label: isSelected ? t("Select no more") : t("Select"),
                  icon: ListChecks,
                  onSelect: () => control.toggle(id),
                },
              ]
            : []),
          ...menuItems(conversation, actions, () => control.startRenaming(id)),
        ]}
      />
    </div>
  );
}

interface RowLinkProps {
  readonly conversation: RowConversation;
  readonly title: string;
  readonly row: RowInList;
}

/** Named by its title alone: the row has said what is unread when the focus comes to its link. */
function RowLink({ conversation, title, row }: RowLinkProps) {
  const { id, badge, isGenerating, unsent, time } = conversation;
  return (
    <a
      class="conversation-link"
      href={conversationPath(id)}
      tabIndex={row.isTabStop ? 0 : -1}
      aria-current={row.isActive ? "page" : undefined}
      title={title}
      draggable={false}
      onClick={(event) => row.control.press(id, event)}
    >
      <span class={badge ? "conversation-title strong" : "conversation-title"} dir="auto">
        {title}
      </span>
      <span class="row-time" aria-hidden="true">
        {time}
      </span>
      {unsent && (
        <span class={`row-mark ${unsent}`} aria-hidden="true">
          {t(UNSENT_WORDS[unsent])}
        </span>
      )}
      {isGenerating && <span class="generating-dot" title={t("A reply is being written")} aria-hidden="true" />}
      {badge && (
        <span class="unread-badge" aria-hidden="true">
          {badge}
        </span>
      )}
    </a>
  );
}

function accessibleName({ badge, isGenerating, unsent }: RowConversation, title: string, isSelected: boolean): string {
  const parts = [
    title,
    badge && t("{count} unread", { count: badge }),
    isGenerating && t("reply being written"),
    unsent && t(UNSENT_WORDS[unsent]).toLowerCase(),
    isSelected && t("selected"),
  ];
  return parts.filter(Boolean).join(", ");
}

function menuItems(conversation: RowConversation, actions: RowActions, startRename: () => void): readonly MenuItem[] {
  const { id, isPinned, isArchived, badge } = conversation;
  return [
    { label: t("Rename"), icon: Pencil, onSelect: startRename },
    isPinned
      ? { label: t("Unpin"), icon: PinOff, onSelect: () => actions.setPinned(id, false) }
      : { label: t("Pin"), icon: Pin, onSelect: () => actions.setPinned(id, true) },
    isArchived
      ? { label: t("Unarchive"), icon: ArchiveRestore, onSelect: () => actions.setArchived(id, false) }
      : { label: t("Archive"), icon: Archive, onSelect: () => actions.setArchived(id, true) },
    badge
      ? { label: t("Mark as read"), icon: MailOpen, onSelect: () => actions.markRead(id) }
      : { label: t("Mark as unread"), icon: Mail, onSelect: () => actions.markUnread(id) },
    { label: t("Delete"), icon: Trash2, isDanger: true, onSelect: () => actions.remove(id) },
  ];
}
