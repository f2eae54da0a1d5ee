/** The line over a conversation: its title, and on narrow screens the way to the list. */
import Menu from "lucide-react/icons/menu";
import { IconButton } from "../design/icon-button.tsx";
import "./conversation-header.css";

export interface ConversationHeaderProps {
  readonly title: string;
  readonly unreadElsewhere: number;
  readonly onOpenSidebar: () => void;
}

export function ConversationHeader({ title, unreadElsewhere, onOpenSidebar }: ConversationHeaderProps) {
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
      <h1>{title}</h1>
    </header>
  );
}
