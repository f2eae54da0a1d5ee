/** The steps of a simulation: plain data, so that a failing run can be printed, repeated and made shorter. */

/**
 * What becomes of a call: `hangs` carries it out later, in its order; `is-mute` carries it out and answers later; `loses` does nothing
 * and never answers, as a transaction that a browser has forgotten.
 */
export type StoreMood = "answers" | "fails" | "fails-once" | "is-slow" | "hangs" | "is-mute" | "loses";

/** How a model answers; it is written into the message's text, so that every server process answers the same. */
export interface ReplyScript {
  readonly tokens: number;
  readonly gapMs: number;
  /** `hang` writes its tokens and then nothing, until somebody stops it. */
  readonly end: "complete" | "failed" | "failed-empty" | "hang";
}

/** Which kinds of call a fault strikes. */
export type CallKind = "sync" | "open" | "messages" | "send" | "resume" | "change" | "read" | "list" | "any";

/** What the network does to a call. */
export type FaultKind =
  | "request-lost"
  | "request-hangs"
  | "request-late"
  | "request-doubled"
  | "answer-lost"
  | "answer-hangs"
  | "answer-late"
  | "cut-after"
  | "bad-gateway"
  | "unavailable";

/** What a person does in a tab to the conversation that they point at. */
export type TabChange =
  | "rename"
  | "pin"
  | "unpin"
  | "archive"
  | "unarchive"
  | "model"
  | "remove"
  | "restore"
  | "mark-unread"
  | "mark-read";

/** What a person does to several conversations at once. */
export type ManyChange = Exclude<TabChange, "rename" | "model" | "restore">;

/** What another program does with the account's API, without a device. */
export type ApiChange =
  | TabChange
  | "create"
  | "erase"
  | "purge"
  | "same"
  | "read-half"
  | "stop"
  | "replace"
  | "ask-again"
  | "bring-back";

export type PageStep = "hide" | "show" | "freeze" | "thaw" | "cache" | "return" | "focus" | "kill" | "reopen";

/** What happens to everything, or to the server. */
export type WorldStep =
  | { readonly do: "wait"; readonly ms: number }
  /** Everything sleeps, the server included, and then goes on. */
  | { readonly do: "sleep"; readonly days: number }
  /** Lets everything come to rest and compares it with what must be. */
  | { readonly do: "quiet" }
  | { readonly do: "sweep" }
  | { readonly do: "backup" }
  | { readonly do: "server"; readonly server: "restart" | "crash" | "restore-backup"; readonly downMs: number }
  | { readonly do: "server-clock"; readonly stepMs: number }
  /** The server is started anew with other settings; pages that are open keep the ones that they were loaded with. */
  | { readonly do: "config"; readonly live: boolean; readonly models: number };

/** What another program does with the API, without a device. */
export type ApiStep =
  | { readonly do: "api-send"; readonly conversation: number; readonly script: ReplyScript }
  | { readonly do: "api"; readonly conversation: number; readonly change: ApiChange }
  | { readonly do: "import"; readonly conversations: number; readonly messages: number }
  | { readonly do: "stranger" }
  /** Asks for what is another account's, by its ids. */
  | { readonly do: "trespass"; readonly conversation: number };

/** What happens in the second account. */
export interface NeighbourStep {
  readonly do: "neighbour";
  readonly step: ApiStep | DeviceStep | TabStep;
}

/** What happens to a machine and its network. */
export type DeviceStep =
  /** At the address of a conversation, or, without one, at none. */
  | { readonly do: "new-tab"; readonly device: number; readonly conversation?: number }
  | { readonly do: "offline" | "online"; readonly device: number }
  /** The browser's session ends, by expiry or from elsewhere; somebody signs in again, in one of its tabs. */
  | { readonly do: "session-ends" | "session-begins"; readonly device: number }
  /** For all of its pages, those that are yet to be opened as well. */
  | { readonly do: "disk"; readonly device: number; readonly disk: Exclude<StoreMood, "loses"> }
  | { readonly do: "device-clock"; readonly device: number; readonly stepMs: number }
  | {
      readonly do: "fault";
      readonly device: number;
      readonly call: CallKind;
      readonly kind: FaultKind;
      readonly times: number;
      readonly ms: number;
    };

interface SendStep {
  readonly tab: number;
  readonly script: ReplyScript;
  readonly batch: boolean;
}

/** What somebody does in a tab, or with it. */
export type TabStep =
  | ({ readonly do: "draft"; readonly model?: string } & SendStep)
  | { readonly do: "new-chat"; readonly tab: number }
  | ({ readonly do: "send"; readonly conversation: number } & SendStep)
  | { readonly do: "edit"; readonly tab: number; readonly back: number; readonly script: ReplyScript }
  | { readonly do: "ask-again"; readonly tab: number; readonly back: number }
  /** Uses a version of what once stood in a place of the conversation on screen [MSG-5]. */
  | { readonly do: "bring-back"; readonly tab: number; readonly back: number; readonly version: number }
  /** Takes the tab's latest edit or asking again back. */
  | { readonly do: "undo"; readonly tab: number }
  | { readonly do: "stop"; readonly tab: number }
  | { readonly do: "retry" | "discard"; readonly tab: number }
  | { readonly do: "open"; readonly tab: number; readonly conversation: number }
  /** Opens one at a message that a search found, so many before its last. */
  | { readonly do: "find"; readonly tab: number; readonly conversation: number; readonly back: number }
  | {
      readonly do:
        | "close"
        | "load-older"
        | "load-newer"
        | "load-later"
        | "show-latest"
        | "load-more"
        | "sync-now"
        | "full-sync";
      readonly tab: number;
    }
  /** From here on what the page gave to be called throws. */
  | { readonly do: "listeners-throw"; readonly tab: number }
  | { readonly do: "mark-all-read"; readonly tab: number; readonly undo: boolean }
  /** To `count` conversations of the list, from one on; `undo` takes it back, at once or when it is answered. */
  | {
      readonly do: "change-many";
      readonly tab: number;
      readonly conversation: number;
      readonly count: number;
      readonly change: ManyChange;
      readonly undo: "never" | "at-once" | "answered";
    }
  | {
      readonly do: "change";
      readonly tab: number;
      readonly conversation: number;
      readonly change: TabChange;
      /** Another change of the same thing, made before the first one is answered. */
      readonly soon?: TabChange;
    }
  | { readonly do: "page"; readonly tab: number; readonly page: PageStep }
  /** The browser's store, as this page has it. */
  | { readonly do: "store"; readonly tab: number; readonly store: StoreMood };

/**
 * `tab`, `device` and `conversation` are numbers that wrap around what there is when the step runs, so that a step keeps its meaning
 * when others are left out. Times are in milliseconds of true time.
 */
export type Step = WorldStep | ApiStep | DeviceStep | TabStep | NeighbourStep;

/** What a run consists of besides its steps. */
export interface Setting {
  readonly devices: readonly DeviceSetting[];
  readonly live: boolean;
  readonly unreadScope: "device" | "account";
  /** How many rows and deleted ids a page of a sync answer has at most. */
  readonly pageLimit: number;
  /** Conversations that are there before the first device starts. */
  readonly conversations: number;
}

export interface DeviceSetting {
  readonly tabs: number;
  /** Whether the browser has a store that outlives its tabs. */
  readonly hasStore: boolean;
  /** Whether its tabs hear each other. */
  readonly hasTabs: boolean;
  readonly hasLocks: boolean;
  /** How long the store takes to give the list. */
  readonly diskMs: number;
  /** The longest way to the server, one way. */
  readonly latencyMs: number;
}

export interface Schedule {
  readonly seed: number;
  readonly setting: Setting;
  /** Who else has an account there; what is the server's in it is not theirs to say. Left out where nobody has. */
  readonly neighbour?: Setting;
  readonly steps: readonly Step[];
}
