/** What a tab tells the others, and what it makes of what they tell. */
import { unreachable } from "@instep/protocol";
import { goneFromScreen } from "../apply-local.ts";
import { type Answered, isOfPast } from "../apply-sync.ts";
import type { ConversationStore } from "../conversation-store.ts";
import type { OutgoingBox } from "../outbox/outgoing-box.ts";
import type { OutgoingChanges } from "../outbox/outgoing-changes.ts";
import type { SyncManager } from "../sync-manager.ts";
import type { TabMessage, TabPosition, Tabs } from "./tabs.ts";

export interface TabLink {
  readonly manager: SyncManager;
  readonly store: ConversationStore;
  readonly changes: OutgoingChanges;
  /** The stored outbox has changed. */
  readonly onOutbox: () => void;
  /** The server has answered another tab: it can be reached. */
  readonly onReached: () => void;
}

/** Tells what the server has answered. A full answer is told of only: whoever lacks it asks. */
export function tellTabs(tabs: Tabs, answered: Answered): void {
  const { server_time: serverTime, epoch, is_full_sync: isFull } = answered.response;
  const isMoved = serverTime !== answered.since;
  tabs.tell(isMoved && !isFull ? { kind: "answered", answered } : { kind: "moved", serverTime, epoch });
}

/** Takes what other tabs tell: truth comes from the server only, so all of it is a hint, or an answer that the server gave [DEV-11]. */
export function listenToTabs(tabs: Tabs, link: TabLink): () => void {
  return tabs.subscribe((message) => {
    hear(message, link);
    if (message.kind === "answered" || message.kind === "moved") link.onReached();
  });
}

interface EarlyLink {
  readonly box: Pick<OutgoingBox, "forget">;
  readonly store: ConversationStore;
}

/** From the first moment on: what is over, or seen, while this tab reads the store may stand there still as it was [DEV-14]. */
export function hearWhatIsOver(tabs: Tabs, { box, store }: EarlyLink): () => void {
  return tabs.subscribe((message) => {
    if (message.kind === "settled" || message.kind === "refused") void box.forget(message.operationId);
    // Not of a tab that has not heard yet that history was rewound.
    if (message.kind === "seen" && !isOfPast(store.state, message.epoch)) {
      store.conversations.seeElsewhere(message.id, message.baseline.seq);
    }
  });
}

function hear(message: TabMessage, { manager, store, changes, onOutbox }: TabLink): void {
  // What is over here already is told of late, or again.
  if ("operationId" in message && store.localChanges.hasEnded(message.operationId)) return;
  switch (message.kind) {
    case "answered":
      return takeAnswer(message, { manager, store });
    case "moved":
      return takePosition(message, { manager, store });
    case "change":
      // To this tab a deletion in another one is a deletion from elsewhere.
      if (message.change.key === "removed" && message.change.value) {
        manager.commit(goneFromScreen(store.state, message.id));
      }
      return changes.show(message.id, message.change, { operationId: message.operationId, isOwn: false });
    case "settled":
    case "refused":
      changes.endElsewhere(message.operationId, message.kind === "settled" ? message.asOf : "refused");
      return manager.hint();
    case "outbox":
      return onOutbox();
    case "signed-in":
      return manager.tell({ kind: "signed-in" });
    // What was seen is heard from the first moment on; who holds the request, and who reads a reply, others hear.
    case "seen":
    case "holding":
    case "reply-wanted":
    case "reply-events":
    case "reply-left":
      return;
    default:
      return unreachable(message);
  }
}

type Link = Pick<TabLink, "manager" | "store">;

function takeAnswer({ answered }: TabMessage & { kind: "answered" }, link: Link): void {
  const { server_time: serverTime, epoch } = answered.response;
  if (isHere({ serverTime: answered.since ?? "", epoch }, link)) link.manager.applyFromOtherTab(answered);
  takePosition({ serverTime, epoch }, link);
}

function isHere({ serverTime, epoch }: TabPosition, { store }: Link): boolean {
  const { watermark } = store.state;
  return serverTime === watermark.serverTime && epoch === watermark.epoch;
}

/** Where this tab stands there too, it need not ask just now; where it is behind, it asks itself. */
function takePosition(position: TabPosition, link: Link): void {
  const { watermark } = link.store.state;
  const isFurther = position.epoch !== watermark.epoch || position.serverTime > (watermark.serverTime ?? "");
  if (isHere(position, link)) link.manager.tell({ kind: "answered-elsewhere" });
  else if (isFurther) link.manager.hint();
}
