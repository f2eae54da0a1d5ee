/** The device as a page sees it: one object with the list, the open conversation, turns, actions and the sync's status. */
import type {
  Config,
  ConversationId,
  Me,
  Message,
  MessageVersion,
  Replaced,
  ReplyId,
  UnreadScope,
} from "@instep/protocol";
import type { ConversationReader } from "./conversation-item.ts";
import type { Failure, Result } from "./failure.ts";
import type { FoundMessage } from "./views/found-window.ts";
import type { SyncManager } from "./sync-manager.ts";
import type { SyncCallbacks } from "./sync-options.ts";
import type { Transport } from "./transport/transport.ts";

/** A reply while it grows; keyed by its id, never by what is open. */
export interface ReplyView {
  /** Null until the server's first event. */
  readonly replyId: ReplyId | null;
  readonly text: string;
  /** What the model thinks; not a part of its reply [MODEL-5]. */
  readonly thoughts?: string;
  /** `connecting` also while a cut stream is being resumed. */
  readonly phase: "connecting" | "streaming" | "stopping";
  /** Whether this device sent the message; else it follows another device's turn. */
  readonly isOwn: boolean;
}

/** A message that the server doesn't have yet [DEV-12]. */
export interface PendingSend {
  readonly clientMessageId: string;
  readonly conversationId: ConversationId;
  readonly text: string;
  /** `queued` goes out when the reply that runs has ended; `rejected` shows "not sent" with Retry and Discard, and `problem` says why. */
  readonly state: "waiting" | "queued" | "sending" | "rejected";
  readonly problem: Failure | null;
  /** It takes the place of what is there from an earlier message on [MSG-3]. */
  readonly isReplacing: boolean;
}

/** `queued` goes out when the reply that runs has ended. */
export type StuckSend = "queued" | "waiting" | "rejected";

/** What of all conversations has not gone out, for the list. */
export interface OutboxReader {
  /** Called when anything in it changes. */
  readonly subscribe: (listener: () => void) => () => void;
  /** The worst of a conversation's messages; null while all goes its way. */
  readonly stateOf: (conversationId: string) => StuckSend | null;
  /** Whether something that was written is in this page alone, and would be lost with it: it has not gone out, and is not stored. */
  readonly hasUnstored: () => boolean;
}

/** How the last turn of an open conversation ended, where it did not end well; gone with the next send. */
export interface TurnFailure {
  readonly code: string;
  readonly detail: string;
  /** Whether asking again may help. */
  readonly isRetryable: boolean;
  /** What `askAgain` takes: the seq of the user message or of the failed reply; null where there is nothing to ask again. */
  readonly askAgainFromSeq: number | null;
}

/** What the page shows of one conversation. */
export interface ConversationView {
  readonly id: ConversationId;
  readonly phase: "loading" | "ready" | "failed" | "deleted";
  /** Why there is nothing, or nothing older. */
  readonly problem: Failure | null;
  /** Why what is newer could not be loaded; gone once it is. */
  readonly newerProblem: Failure | null;
  /** Live messages, oldest first, without holes. */
  readonly messages: readonly Message[];
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** What follows upon these messages is not loaded: they stand around one that a search found, away from the end. */
  readonly hasLater: boolean;
  readonly isLoadingLater: boolean;
  /** Why nothing that follows could be loaded. */
  readonly laterProblem: Failure | null;
  /** The message that a search led to; a new object each time. */
  readonly found: FoundMessage | null;
  readonly pending: readonly PendingSend[];
  readonly reply: ReplyView | null;
  readonly turnFailure: TurnFailure | null;
  /** How many messages came elsewhere and are not shown yet: the banner; 0 shows none [DEV-9]. */
  readonly newMessages: number;
  /** The divider stands before the message with this seq; null: no divider. */
  readonly firstNewSeq: number | null;
  /** More is new than is loaded: it begins at this seq or, where that was ended, after it; null where its beginning is loaded. */
  readonly earlierNewSeq: number | null;
}

/** The open conversation and the ones opened before. */
export interface ConversationViews {
  readonly subscribe: (id: string, listener: () => void) => () => void;
  readonly get: (id: string) => ConversationView | undefined;
  /** Puts a conversation on screen: paints from the cache, loads the newest page, clears its badge, follows a running reply; shows the message `foundSeq` with what stands around it, if one is given. Also for `temp-` ids. */
  openConversation(id: string, foundSeq?: number): Promise<void>;
  /** Nothing is on screen any more. */
  closeConversation(): void;
  loadOlder(id: string): Promise<void>;
  /** Loads what follows upon the surroundings of a message that was found. */
  loadLater(id: string): Promise<void>;
  /** From a message that was found to the end. */
  showLatest(id: string): void;
  /** The banner's click: loads only what is missing, marks where the new begins, clears the banner [DEV-9]. Returns the first new seq. */
  loadNewer(id: string): Promise<number | null>;
}

export interface SendOptions {
  readonly model?: string | undefined;
  /** What every model that answers is told first: of a draft, whose conversation is made with them. */
  readonly instructions?: string | undefined;
  /** Ends the messages from here on and sends anew: a user message's seq with the new text, or a reply's without text [MSG-3]. */
  readonly replaceFromSeq?: number;
  /** Default `stream`. */
  readonly mode?: "stream" | "batch";
}

/** Sends and what follows from them. */
export interface Turns {
  /** Stores the send, shows it at once and sends it when it can. Returns the conversation's id, which a `temp-` one gets with its first send [ID-1]. */
  send(conversationId: string, text: string, options?: SendOptions): Promise<ConversationId>;
  /** Asks again from a user message or a reply. */
  askAgain(conversationId: string, fromSeq: number, options?: SendOptions): Promise<void>;
  /** Ends the running reply, wherever it runs [TURN-5]. A failure says that it goes on; what has not begun yet ends once it has. */
  stop(conversationId: string): Promise<Result<void>>;
  /** Sends one that was rejected, or that waits, at once; one that is on its way stays so. */
  retry(clientMessageId: string): void;
  /** Takes a send back that is waiting or was rejected, for the composer; null where it is on its way, from any tab. */
  discard(clientMessageId: string): Promise<TakenBack | null>;
}

/** A send that was taken back. */
export interface TakenBack extends Pick<SendOptions, "instructions"> {
  /** Null where a reply was asked again. */
  readonly text: string | null;
  /** The one that a person chose; null where nobody did. */
  readonly model: string | null;
}

/** What once stood in a place of a conversation [MSG-5]. */
export interface Versions {
  /** The versions of the place where the message `seq` stands, oldest first; what stands there now is none of them. */
  list(conversationId: string, seq: number): Promise<Result<readonly MessageVersion[]>>;
  /** Brings a version back as new messages; what stood becomes a version. A reply that runs there is stopped first. */
  bringBack(conversationId: string, versionId: string): Promise<Result<void>>;
  /**
   * Takes a turn of this tab's back that replaced that version, and nothing besides: `stale_conversation` where something was written
   * after it, wherever that was. Nothing happens where the turn has brought it back by itself.
   */
  undo(conversationId: string, versionId: string): Promise<Result<void>>;
  /** The seq of what stands where a turn of this tab's replaced that version; null where nothing does, or another turn came after. */
  placeOf(conversationId: string, versionId: string): number | null;
}

export type Undo = () => Promise<Result<void>>;

/** What can be done to several conversations at once. */
export type SharedChange = { readonly key: "pinned" | "archived" | "removed" | "unread"; readonly value: boolean };

export interface ManyChanged {
  /** Those that were not so already. */
  readonly ids: readonly ConversationId[];
  /** The server's word; of several that it refuses, why it does the first. */
  readonly answer: Promise<Result<void>>;
  readonly undo: Undo;
}

/** Changes to conversations: shown at once, taken back with a failure where the server refuses, kept for later where it can't be reached. */
export interface DeviceActions {
  /** A new conversation that lives here only until its first send; returns its `temp-` id. */
  createDraft(model?: string): ConversationId;
  rename(id: string, title: string): Promise<Result<void>>;
  setPinned(id: string, isPinned: boolean): Promise<Result<void>>;
  setArchived(id: string, isArchived: boolean): Promise<Result<void>>;
  setModel(id: string, model: string): Promise<Result<void>>;
  /** Moves it to the trash; `restore` takes it back. */
  remove(id: string): Promise<Result<void>>;
  restore(id: string): Promise<Result<void>>;
  markUnread(id: string): Promise<Result<void>>;
  markRead(id: string): Promise<Result<void>>;
  /** The same done to several: shown at once, stored and sent together. The undo takes back what this has changed, and nothing else. */
  changeMany(ids: readonly string[], change: SharedChange): ManyChanged;
  /** Everything is read, on every device; the undo marks those that were unread as unread again. */
  markAllRead(): ManyChanged;
}

export type SyncStatusState = "synced" | "syncing" | "waiting" | "offline" | "attention";

/** What `#sync-status` shows. Trouble shows after two seconds, and goes only when the list has caught up. */
export interface SyncStatus {
  readonly state: SyncStatusState;
  /** Unix milliseconds; null before the first. */
  readonly lastSyncedAt: number | null;
  /** When the next try comes, Unix milliseconds; null where none is due. */
  readonly retryAt: number | null;
  /** Sends and changes that wait for the network. */
  readonly waitingCount: number;
  /** Why `attention`, `waiting` or `offline`. */
  readonly problem: Failure | null;
}

/** Why a conversation has, or has no badge [DEV-3]. */
export interface UnreadExplanation {
  readonly unread: number;
  readonly scope: UnreadScope;
  readonly reason: "on-screen" | "held" | "marked-unread" | "counting" | "new-messages" | "all-read";
  /** How much this tab has seen. */
  readonly baselineCount: number;
  readonly baselineSeq: number;
  readonly messageCount: number;
  readonly lastSeq: number;
  readonly readSeq: number;
  readonly serverUnreadCount: number;
}

/** What is known before anything is asked: the server's settings and the account. Kept on the device for a warm start. */
export interface Boot {
  readonly config: Config;
  readonly me: Me;
}

/** What a device tells the page. */
export interface DeviceCallbacks extends SyncCallbacks {
  /** A turn of this tab's own has replaced messages, which are kept as that version [MSG-5]. */
  onReplaced?(id: ConversationId, replaced: Replaced): void;
  /** A turn of this tab's own ended where its conversation is not on screen: its reply is unread until it is shown [DEV-5]. */
  onReplyUnseen?(id: ConversationId): void;
  /** A message was not sent since its conversation is no more, or, `isUnsure`, may have been before that; nothing here keeps its text any longer. */
  onMessageOrphaned?(id: ConversationId, text: string, isUnsure: boolean): void;
  /** The server says that settings or account are not those of `boot` any more. Asked at the start, and whenever the server or the page was away. */
  onBootChanged?: (boot: Boot) => void;
}

export interface DeviceOptions {
  readonly boot: Boot;
  readonly callbacks?: DeviceCallbacks;
}

/** Everything that a page needs of its device. */
export interface Device {
  readonly sync: SyncManager;
  readonly conversations: ConversationReader;
  readonly views: ConversationViews;
  readonly turns: Turns;
  readonly versions: Versions;
  readonly actions: DeviceActions;
  readonly outbox: OutboxReader;
  /** The server's other calls: trash, search, preferences. */
  readonly transport: Transport;
  /** Resolves once what is stored on the device is shown; then syncs. */
  start(): Promise<void>;
  stop(): void;
  /** The next page of the list, for as long as the full one has not come. */
  loadMoreConversations(): Promise<Result<{ readonly hasMore: boolean }>>;
  readonly subscribeStatus: (listener: () => void) => () => void;
  readonly status: () => SyncStatus;
  /** Asks at once, whatever the schedule says. */
  syncNow(): void;
  /** The server has another default model now. */
  setDefaultModel(model: string): void;
  /** Signed in again: asks anew after `attention`. */
  signedIn(): void;
}
