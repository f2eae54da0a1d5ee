/** The port to the other tabs of the browser: hints and answers that spare work, never a condition for anything [DEV-11]. */
import type { TurnEvent } from "@instep/protocol";
import type { Answered } from "../apply-sync.ts";
import type { Moment } from "../moment.ts";
import type { ConversationChange } from "../outbox/outbox.ts";
import type { Baseline } from "../unread.ts";

/** Up to where a tab knows the account. */
export interface TabPosition {
  readonly serverTime: string;
  readonly epoch: string;
}

/** What a tab tells the others. */
export type TabMessage =
  /** The server has answered. A full answer, or one that had nothing new, goes as a mere hint, with its watermark. */
  | { readonly kind: "answered"; readonly answered: Answered }
  | ({ readonly kind: "moved" } & TabPosition)
  | { readonly kind: "seen"; readonly id: string; readonly baseline: Baseline; readonly epoch?: string | null }
  /** A change made here, shown in the others at once; then the server has it, as of that moment, or refused it. */
  | { readonly kind: "change"; readonly operationId: string; readonly id: string; readonly change: ConversationChange }
  | { readonly kind: "settled"; readonly operationId: string; readonly asOf: Moment }
  | { readonly kind: "refused"; readonly operationId: string }
  /** What waits to be sent has changed in the store that the tabs share. */
  | { readonly kind: "outbox" }
  /** The server holds this tab's request, for all of them; `isOwner` where this tab has the lock. */
  | { readonly kind: "holding"; readonly tab: string; readonly isOwner: boolean }
  /** A tab wants what comes of a reply after an event; the one that reads it answers with what came, and goes on with what comes. */
  | { readonly kind: "reply-wanted"; readonly replyId: string; readonly after: number }
  | {
      readonly kind: "reply-events";
      readonly replyId: string;
      readonly tab: string;
      /** The number of the event before them; where there are none, the last one that the tab has. */
      readonly after: number;
      readonly events: readonly TurnEvent[];
    }
  /** The tab that read it does so no longer. */
  | { readonly kind: "reply-left"; readonly replyId: string }
  | { readonly kind: "signed-in" };

export interface Tabs {
  /** Whether there can be others that hear this one. */
  readonly hasOthers: boolean;
  tell(message: TabMessage): void;
  /** Returns what ends the subscription. */
  subscribe(listener: (message: TabMessage) => void): () => void;
  /** Wants to be the one that holds the request: `onChange(true)` while another tab is; immediately `false` where tabs can't agree. Returns what gives it up. */
  holdForAll(onChange: (isServedByOther: boolean) => void): () => void;
  /** Runs in one tab at a time, or in another one as well once this is closed; does nothing, and returns false, where another tab is at it. Where tabs can't agree, it runs. */
  exclusively(name: string, run: () => Promise<void>): Promise<boolean>;
  /** Lets go of everything: the page goes into the back/forward cache, or ends. `open` takes it up again. */
  close(): void;
  open(): void;
}

/** A device of one tab. */
export function noTabs(): Tabs {
  return {
    hasOthers: false,
    tell: () => {},
    subscribe: () => () => {},
    holdForAll: (onChange) => {
      onChange(false);
      return () => {};
    },
    exclusively: async (_name, run) => {
      await run();
      return true;
    },
    close: () => {},
    open: () => {},
  };
}
