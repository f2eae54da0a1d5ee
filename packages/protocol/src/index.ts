/** The wire's types and pure rules; nothing here costs a page more than a few hundred bytes. */
export type { AsOf, Dated } from "./as-of.ts";
export type { Config, Me, PatchMe, UnreadScope } from "./config.ts";
export type {
  Actions,
  ActionsAnswer,
  ConversationAction,
  ConversationDetail,
  ConversationList,
  ConversationSummary,
  CreateConversation,
  Deleted,
  MarkRead,
  PatchConversation,
  SearchAnswer,
  SyncRow,
  TrashedConversation,
  TrashList,
  UnreadCount,
} from "./conversation.ts";
export * from "./identifier.ts";
export type { ImportEvent, ImportFailure, ImportProgress, ImportReport } from "./import.ts";
export * from "./limits.ts";
export type {
  ActiveReply,
  Message,
  MessageError,
  MessagePage,
  MessagePagination,
  MessageRole,
  MessageStatus,
  MessageUsage,
  MessageVersion,
  RestoreVersion,
  VersionList,
} from "./message.ts";
export type {
  NewPasskey,
  Passkey,
  PasskeyBegin,
  PasskeyCreation,
  PasskeyList,
  PasskeyRequest,
  PasskeySignIn,
} from "./passkey.ts";
export type { Preset, PresetList, PutPreset } from "./preset.ts";
export type { Problem, ProblemCode } from "./problem.ts";
export type { PushKey, PushNotice, PushSubscribe, PushUnsubscribe } from "./push.ts";
export { beginningOf } from "./beginning-of.ts";
export { NOTHING_SAID, withToken, type Said } from "./said.ts";
export type {
  ChangePassword,
  Leave,
  NewToken,
  OidcBegin,
  OidcBegun,
  ResetPassword,
  SessionList,
  SignedIn,
  SignIn,
  SignUp,
  TokenList,
  TokenMade,
} from "./sign-in.ts";
export * from "./sync-row.ts";
export type { SyncResponse } from "./sync.ts";
export * from "./timestamp.ts";
export { titleFromWords } from "./title-words.ts";
export { canBeSeen } from "./visible-text.ts";
export type {
  DoneEvent,
  ErrorEvent,
  FailedBatch,
  Replaced,
  Send,
  StaleConversation,
  StartEvent,
  StopAnswer,
  TokenEvent,
  TurnEvent,
  TurnResult,
} from "./turn.ts";
export { unreachable } from "./unreachable.ts";
export { WIRE_VERSION } from "./version.ts";
