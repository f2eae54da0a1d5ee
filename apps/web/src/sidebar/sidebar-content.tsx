/** What the sidebar lists: chats, archive, trash, or what a search found; each with its own words for "nothing". */
import { memo } from "preact/compat";
import { useCallback, useEffect } from "preact/hooks";
import { lazyPart, quietLazyPart } from "../design/lazy-part.tsx";
import { badgeText } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";
import type { RowActions } from "./use-row-actions.ts";
import { useConversation, useIsListReady } from "../sync/use-conversations.ts";
import { ConversationList, type RowInList } from "./conversation-list.tsx";
import { ConversationRow, RowMenu } from "./conversation-row.tsx";
import { ListSkeleton, Nothing } from "./list-empty.tsx";
import { RenameField } from "./lazy-rename-field.ts";
import { rowTime } from "../time/row-time.ts";
import type { SidebarPlace } from "./sidebar.tsx";
import { useToday } from "../time/use-today.ts";
import { useListSections } from "./use-list-sections.ts";
import { useUnsent } from "./use-unsent.ts";
import { t } from "../words/words.ts";

const Found = quietLazyPart(async () => (await import("../search/found.tsx")).Found);
const Trashed = lazyPart(async () => (await import("../trash/trashed.tsx")).Trashed);

export interface SidebarContentProps {
  readonly place: SidebarPlace;
  readonly query: string;
  readonly openId: string | null;
  readonly actions: RowActions;
}

export function SidebarContent({ place, query, openId, actions }: SidebarContentProps) {
  if (query.trim() !== "") return <Found query={query} actions={actions} />;
  if (place === "trash") return <Trashed />;
  return <Listed key={place} isArchive={place === "archive"} openId={openId} actions={actions} />;
}

interface ListedProps {
  readonly isArchive: boolean;
  readonly openId: string | null;
  readonly actions: RowActions;
}

function Listed({ isArchive, openId, actions }: ListedProps) {
  const device = useDevice();
  const sections = useListSections(isArchive);
  const isReady = useIsListReady();
  // Wanted a moment later at the soonest, and then at once.
  useEffect(() => {
    void RowMenu.load();
    void RenameField.load();
  }, []);
  const today = useToday();
  const renderRow = useCallback(
    (id: string, row: RowInList) => <Row id={id} actions={actions} today={today} {...row} />,
    [actions, today],
  );
  if (sections.length === 0 && !isReady) return <ListSkeleton />;
  if (sections.length === 0) {
    return isArchive ? (
      <Nothing title={t("Nothing archived")}>{t("Archive a chat from its menu to keep it out of the list.")}</Nothing>
    ) : (
      <Nothing title={t("No chats yet")}>{t("What you write appears here, on all your devices.")}</Nothing>
    );
  }
  return (
    <ConversationList
      sections={sections}
      openId={openId}
      actions={actions}
      renderRow={renderRow}
      onNearEnd={() => void device.loadMoreConversations()}
    />
  );
}

interface RowProps extends RowInList {
  readonly id: string;
  readonly actions: RowActions;
  /** When it began: another day says other times. */
  readonly today: number;
}

/** Rendered again when its own conversation changes, not when another one is opened or moves. */
const Row = memo(function Row({ id, actions, today, ...row }: RowProps) {
  const item = useConversation(id);
  const unsent = useUnsent(id, row.isActive);
  if (!item) return null;
  const conversation = {
    id,
    title: item.title,
    badge: badgeText(item.unread),
    isPinned: item.pinned,
    isArchived: item.archived,
    isGenerating: item.isGenerating,
    unsent,
    time: rowTime(item.updated_at, today, item.pinned),
  };
  return <ConversationRow conversation={conversation} actions={actions} {...row} />;
});
