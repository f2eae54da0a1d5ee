/** The trash in the sidebar; loaded when one looks there first. */
import { useNow } from "../time/use-now.ts";
import { useTrash } from "./use-trash.ts";
import { Failed } from "../sidebar/failed.tsx";
import { ListSkeleton, Nothing } from "../sidebar/list-empty.tsx";
import { TrashList } from "./trash-list.tsx";
import { t } from "../words/words.ts";

export function Trashed() {
  const trash = useTrash();
  const now = useNow(false);
  if (trash.phase === "failed" && trash.problem) return <Failed problem={trash.problem} onRetry={trash.retry} />;
  if (trash.phase === "loading") return <ListSkeleton />;
  if (trash.conversations.length === 0) {
    return (
      <Nothing title={t("The trash is empty")}>{t("Deleted chats wait here before they are gone for good.")}</Nothing>
    );
  }
  return (
    <TrashList
      conversations={trash.conversations}
      now={now}
      onRestore={trash.restore}
      onErase={trash.erase}
      onEmpty={trash.empty}
      onMore={trash.more}
    />
  );
}
