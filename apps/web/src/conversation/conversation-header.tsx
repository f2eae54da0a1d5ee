/** The line over a conversation: its title, and on narrow screens the way to the list and to a new chat. */
import Menu from "lucide-react/icons/menu";
import SquarePen from "lucide-react/icons/square-pen";
import { IconButton } from "../design/icon-button.tsx";
import "./conversation-header.css";

export interface ConversationHeaderProps {
  readonly title: string;
  readonly unreadElsewhere: number;
  readonly onOpenSidebar: () => void;
  readonly onNewChat: () => void;
}

export function ConversationHeader({ title, unreadElsewhere, onOpenSidebar, onNewChat }: ConversationHeaderProps) {
  return (
    <header class="conversation-header">
      <span class="drawer-button">
        <IconButton
          label={unreadElsewhere > 0 ? `Show conversations, ${unreadElsewhere} unread` : "Show conversations"}
          icon={Menu}
          onClick={onOpenSidebar}
        />
        {unreadElsewhere > 0 && <span class="drawer-dot" aria-hidden="true" />}
      </span>
      <h1 dir="auto">{title}</h1>
      <IconButton label="New chat" icon={SquarePen} class="header-new-chat" onClick={onNewChat} />
    </header>
  );
}
