/** One row of the list: title, badge, generating dot, and the button of its menu. */
import Ellipsis from "lucide-react/icons/ellipsis";
import { quietLazyPart } from "../design/lazy-part.tsx";
import { MenuButton } from "../design/menu-button.tsx";
import { conversationPath } from "../routing/route.ts";
import { RenameField } from "./lazy-rename-field.ts";
import type { RowActions } from "./use-row-actions.ts";
import type { Unsent } from "./use-unsent.ts";
import type { RowInList } from "./conversation-list.tsx";
import { type English, t } from "../words/words.ts";
import "./conversation-row.css";

/** Loaded with the list, so that it is there at once when it is wanted. */
export const RowMenu = quietLazyPart(async () => (await import("./row-menu.tsx")).RowMenu);

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
      <MenuButton label={t("Conversation actions")} icon={Ellipsis} tabIndex={row.isTabStop ? 0 : -1}>
        {(menu) => <RowMenu {...menu} {...{ conversation, actions, control, isSelected }} />}
      </MenuButton>
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
