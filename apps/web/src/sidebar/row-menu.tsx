/** The menu of a row: everything that can be done to a conversation. */
import ListChecks from "lucide-react/icons/list-checks";
import MailOpen from "lucide-react/icons/mail-open";
import Mail from "lucide-react/icons/mail";
import Pencil from "lucide-react/icons/pencil";
import Trash2 from "lucide-react/icons/trash-2";
import type { OpenMenu } from "../design/menu-button.tsx";
import { type MenuItem, MenuPopup } from "../design/menu.tsx";
import { useMatches } from "../environment.ts";
import { t } from "../words/words.ts";
import { archiveItem, pinItem } from "./pin-and-archive.ts";
import type { RowControl } from "./use-list-control.ts";
import type { RowActions } from "./use-row-actions.ts";

/** What its menu depends on. */
export interface MenuConversation {
  readonly id: string;
  readonly title: string;
  /** `""` where there is none. */
  readonly badge: string;
  readonly isPinned: boolean;
  readonly isArchived: boolean;
}

export interface RowMenuProps extends OpenMenu {
  readonly conversation: MenuConversation;
  readonly actions: RowActions;
  readonly control: RowControl;
  readonly isSelected: boolean;
}

/** The open menu; on a touch screen it can select the row as well. */
export function RowMenu({ conversation, actions, control, isSelected, ...menu }: RowMenuProps) {
  const isTouch = useMatches("(pointer: coarse)");
  const { id } = conversation;
  const select = {
    label: isSelected ? t("Deselect") : t("Select"),
    icon: ListChecks,
    onSelect: () => control.toggle(id),
  };
  const items = menuItems(conversation, actions, () => control.startRenaming(id));
  return (
    <MenuPopup {...menu} subject={conversation.title || t("New chat")} items={isTouch ? [select, ...items] : items} />
  );
}

function menuItems(conversation: MenuConversation, actions: RowActions, startRename: () => void): readonly MenuItem[] {
  const { id, isPinned, isArchived, badge } = conversation;
  return [
    { label: t("Rename"), icon: Pencil, onSelect: startRename },
    pinItem(id, isPinned, actions),
    archiveItem(id, isArchived, actions),
    badge
      ? { label: t("Mark as read"), icon: MailOpen, onSelect: () => actions.markRead(id) }
      : { label: t("Mark as unread"), icon: Mail, onSelect: () => actions.markUnread(id) },
    { label: t("Delete"), icon: Trash2, isDanger: true, onSelect: () => actions.remove(id) },
  ];
}
