/** The line over the open conversation, connected: its title, which can be changed there, and its menu. */
import { useState } from "preact/hooks";
import { quietLazyPart } from "../design/lazy-part.tsx";
import { useConversation, useUnreadConversations } from "../sync/use-conversations.ts";
import type { RowActions } from "../sidebar/use-row-actions.ts";
import { ConversationHeader } from "./conversation-header.tsx";
import { t } from "../words/words.ts";

const ConversationMenu = quietLazyPart(async () => (await import("./conversation-menu.tsx")).ConversationMenu);

export interface ConnectedHeaderProps {
  /** Null for a new chat. */
  readonly id: string | null;
  readonly isGone: boolean;
  readonly accountId: string;
  readonly actions: RowActions;
  readonly onOpenSidebar: () => void;
  readonly onNewChat: () => void;
}

export function ConnectedHeader({ id, isGone, accountId, actions, ...controls }: ConnectedHeaderProps) {
  const item = useConversation(id ?? "");
  const unread = useUnreadConversations();
  const [renamingId, setRenamingId] = useState<string | null>(null);
  // Once it is begun and before the server has it, there is nothing that could be done there.
  const stored = isGone || item?.isLocal !== false ? null : item;
  const rename = (title: string | null) => {
    setRenamingId(null);
    if (stored && title !== null) actions.rename(stored.id, title);
  };
  return (
    <ConversationHeader
      {...controls}
      title={isGone ? t("Not here") : item?.title || t("New chat")}
      unreadElsewhere={unread}
      onRenamed={stored && renamingId === stored.id ? rename : null}
      menu={
        (stored || (id === null && !isGone)) && (
          <ConversationMenu
            key={id}
            item={stored}
            accountId={accountId}
            actions={actions}
            onRename={() => setRenamingId(id)}
          />
        )
      }
    />
  );
}
