/** The line over a conversation: its title, and on narrow screens the way to the list and to a new chat. */
import Menu from "lucide-react/icons/menu";
import SquarePen from "lucide-react/icons/square-pen";
import type { ComponentChildren } from "preact";
import { IconButton } from "../design/icon-button.tsx";
import { RenameField } from "../sidebar/lazy-rename-field.ts";
import { t } from "../words/words.ts";
import "./conversation-header.css";

export interface ConversationHeaderProps {
  readonly title: string;
  readonly unreadElsewhere: number;
  readonly onOpenSidebar: () => void;
  readonly onNewChat: () => void;
  /** Null where the title isn't being changed; called with the new one, or null where it stays. */
  readonly onRenamed: ((title: string | null) => void) | null;
  readonly menu: ComponentChildren;
}

export function ConversationHeader(props: ConversationHeaderProps) {
  const { title, unreadElsewhere, onOpenSidebar, onNewChat, onRenamed, menu } = props;
  return (
    <header class="conversation-header">
      <span class="drawer-button">
        <IconButton
          label={
            unreadElsewhere > 0
              ? t("Show conversations, {count} unread", { count: unreadElsewhere })
              : t("Show conversations")
          }
          icon={Menu}
          onClick={onOpenSidebar}
        />
        {unreadElsewhere > 0 && <span class="drawer-dot" aria-hidden="true" />}
      </span>
      {onRenamed ? <RenameField title={title} onDone={onRenamed} /> : <h1 dir="auto">{title}</h1>}
      {menu}
      <IconButton label={t("New chat")} icon={SquarePen} class="header-new-chat" onClick={onNewChat} />
    </header>
  );
}
