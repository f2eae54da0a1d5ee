/** The device's side of conversation sync: headless, every port injected. */
export {
  type ConversationSummary,
  SYNC_FULL_SYNC_THRESHOLD_MS,
  SYNC_POLL_INTERVAL_MS,
  type SyncResponse,
} from "@instep/protocol";
export {
  type BrowserDevice,
  type BrowserDeviceOptions,
  cachedBoot,
  createBrowserDevice,
  fetchBoot,
  forgetAccount,
  forgetBoot,
} from "./browser-device.ts";
export { ConversationStore, type StoreOptions } from "./conversation-store.ts";
export { createDevice } from "./create-device.ts";
export type { DevicePorts } from "./device-ports.ts";
export type {
  DeviceActions,
  Boot,
  ConversationView,
  ConversationViews,
  Device,
  DeviceCallbacks,
  DeviceOptions,
  ManyChanged,
  OutboxReader,
  PendingSend,
  ReplyView,
  SendOptions,
  SharedChange,
  StuckSend,
  SyncStatusState,
  SyncStatus,
  TurnFailure,
  Turns,
  Undo,
  UnreadExplanation,
  Versions,
} from "./device.ts";
export type { ConversationItem, ConversationReader } from "./conversation-item.ts";
export { explainUnread } from "./explain-unread.ts";
export { type Environment, newUuid, type Page, type PageEvent, realEnvironment, type Timer } from "./environment.ts";
export { type Failure, type FailureCode, failure, isFailure, type Result } from "./failure.ts";
export type { FoundMessage } from "./views/found-window.ts";
export type { LocalStore, StoredChange, StoredConversation, StoredList } from "./local-store/local-store.ts";
export { indexedDbLocalStore } from "./local-store/indexeddb-local-store.ts";
export { memoryLocalStore } from "./local-store/memory-local-store.ts";
export type { Outgoing, OutgoingChange } from "./outbox/outbox.ts";
export type { OutgoingSend } from "./outbox/outgoing-send.ts";
export { SyncManager } from "./sync-manager.ts";
export type { SyncCallbacks, SyncManagerOptions } from "./sync-options.ts";
export { broadcastTabs, type BroadcastTabsOptions } from "./tabs/broadcast-tabs.ts";
export { memoryTabs } from "./tabs/memory-tabs.ts";
export { noTabs, type TabMessage, type Tabs } from "./tabs/tabs.ts";
export { askServer, type Call, fetchTransport, type FetchTransportOptions } from "./transport/fetch-transport.ts";
export type { EventStream, SyncAnswer, SyncQuestion, Transport } from "./transport/transport.ts";
export {
  type BatchRequest,
  followReply,
  sendBatchMessage,
  sendStreamingMessage,
  type TurnEnding,
  type TurnHandlers,
  type TurnPorts,
  type TurnRequest,
} from "./turns/turn.ts";
export { badgeText } from "./unread.ts";
