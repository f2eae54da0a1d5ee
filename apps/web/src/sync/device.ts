/** What the rest of the page knows of the device: its types, and its two helpers. The only door to the sync client. */
export {
  badgeText,
  type ConversationItem,
  type ConversationView,
  type Device,
  type Failure,
  type FailureCode,
  forgetBoot,
  isFailure,
  type PendingSend,
  type Result,
  type RunningReply,
  type SyncState,
  type SyncStatus,
  type UnreadExplanation,
} from "@instep/sync-client";
