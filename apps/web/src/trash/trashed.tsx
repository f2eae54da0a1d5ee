/** The trash in the sidebar; loaded when one looks there first. */
import { useEnvironment } from "../environment.ts";
import { useToday } from "../time/use-today.ts";
import { useTrash } from "./use-trash.ts";
import { Failed } from "../sidebar/failed.tsx";
import { ListSkeleton, Nothing } from "../sidebar/list-empty.tsx";
import { TrashList } from "./trash-list.tsx";
import { t } from "../words/words.ts";

export function Trashed() {
  const trash = useTrash();
  const { now } = useEnvironment();
  // Another day says other words of when it was.
  useToday();
  const { conversations, problem, retry } = trash;
  if (conversations.length === 0) {
    if (problem) return <Failed problem={problem} onRetry={retry} />;
    if (trash.isLoading) return <ListSkeleton />;
    return (
      <Nothing title={t("The trash is empty")}>{t("Deleted chats wait here before they are gone for good.")}</Nothing>
    );
  }
  return (
    <TrashList
      conversations={conversations}
      now={now()}
      onRestore={trash.restore}
      onErase={trash.erase}
      onEmpty={trash.empty}
      problem={problem}
      onRetry={retry}
      onMore={trash.more}
    />
  );
}
