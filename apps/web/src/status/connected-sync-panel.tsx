/** The sync panel, connected to the device. */
import { explainUnread } from "../sync/device.ts";
import { useDevice } from "../sync/device-context.ts";
import { useSyncStatus } from "../sync/use-sync-status.ts";
import { useNow } from "../time/use-now.ts";
import { SyncPanel } from "./sync-panel.tsx";

const MAX_EXPLAINED = 5;

export function ConnectedSyncPanel({
  openId,
  onClose,
}: {
  readonly openId: string | null;
  readonly onClose: () => void;
}) {
  const device = useDevice();
  const status = useSyncStatus();
  const now = useNow(true);
  const explain = (id: string) => {
    const unread = explainUnread(device.sync.store, id);
    return unread && { id, title: device.conversations.get(id)?.title ?? "", unread };
  };
  const badged = device.conversations
    .list()
    .filter((id) => id !== openId && (device.conversations.get(id)?.unread ?? 0) > 0);
  return (
    <SyncPanel
      status={status}
      now={now}
      current={openId === null ? null : explain(openId)}
      unread={badged.slice(0, MAX_EXPLAINED).flatMap((id) => explain(id) ?? [])}
      onSyncNow={() => device.syncNow()}
      onClose={onClose}
    />
  );
}
