/** What the views of conversations are connected to. */
import type { ConversationId, ReplyId } from "@instep/protocol";
import type { ConversationStore } from "../conversation-store.ts";
import type { PendingSend, ReplyView } from "../device.ts";
import type { FurtherPages } from "./further-pages.ts";
import type { LocalStore } from "../local-store/local-store.ts";
import type { OutgoingBox } from "../outbox/outgoing-box.ts";
import type { SyncManager } from "../sync-manager.ts";
import type { Transport } from "../transport/transport.ts";
import type { ViewCache } from "./view-cache.ts";

/** Where a reply is followed from: what is known of it, and the event that it was known at. */
export interface FollowedReply {
  readonly replyId: ReplyId;
  readonly after: number;
  readonly text: string;
  readonly thoughts?: string;
}

export interface ViewPorts {
  readonly transport: Transport;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
  readonly localStore: LocalStore;
  readonly viewCache: ViewCache;
  readonly furtherPages: FurtherPages;
  /** Until what is stored on the device has been read, what resolves then, with false where it never is; else null. */
  readonly restoring: () => Promise<boolean> | null;
  /** What belongs to a conversation besides its messages. */
  readonly pendingOf: (id: string) => readonly PendingSend[];
  readonly replyOf: (id: string) => ReplyView | null;
  /** Follows a reply that another device, or an earlier page, began. */
  readonly follow: (id: ConversationId, reply: FollowedReply) => void;
  /** Stops following what is only looked at. */
  readonly unfollow: (id: string) => void;
  /** Forgets a conversation that never reached the server, where nothing of it waits. */
  readonly forgetEmpty: (id: string) => void;
  readonly box: OutgoingBox;
  /** Moves the account's read position. */
  readonly markRead: (id: string, seq: number) => void;
}
