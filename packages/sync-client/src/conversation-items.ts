/** What a page shows of all conversations: each as an item, in the order of the list, counted, and who wants to know of which. */
import type { ConversationId } from "@instep/protocol";
import type { ConversationItem, ConversationReader } from "./conversation-item.ts";
import { Listeners } from "./listeners.ts";
import { isSameRecord } from "./same-record.ts";
import { SortedList } from "./sorted-list.ts";
import { UnreadTally } from "./unread-tally.ts";

/** From how many changes at once on the lists are sorted anew instead of moving each. */
const REBUILD_FROM = 100;
const [LIST, UNREAD] = ["list", "unread"];

/** What a conversation is now; undefined where it is no more. */
export type ItemOf = (id: ConversationId, seenElsewhere: number) => ConversationItem | undefined;

export class ConversationItems implements ConversationReader {
  readonly #itemOf: ItemOf;
  readonly #items = new Map<string, ConversationItem>();
  readonly #live = new SortedList();
  readonly #archived = new SortedList();
  /** What of them is unread, counted. @internal */
  readonly tally = new UnreadTally();
  /** By conversation, and for the list and the number of unread ones. */
  readonly #listeners = new Listeners();
  #isReady = false;

  constructor(itemOf: ItemOf) {
    this.#itemOf = itemOf;
  }

  subscribeList = (listener: () => void): (() => void) => this.#listeners.add(LIST, listener);
  subscribeUnread = (listener: () => void): (() => void) => this.#listeners.add(UNREAD, listener);
  subscribe = (id: string, listener: () => void): (() => void) => this.#listeners.add(id, listener);
  list = (): readonly ConversationId[] => this.#live.ids();
  archivedList = (): readonly ConversationId[] => this.#archived.ids();
  get = (id: string): ConversationItem | undefined => this.#items.get(id);
  unreadConversations = (): number => this.tally.listed;
  unreadArchived = (): number => this.tally.archived;
  isReady = (): boolean => this.#isReady;

  /** Another tab of this browser has seen it up to a number. @internal */
  seeElsewhere(id: string, seq: number): void {
    this.tally.seeElsewhere(id, seq);
    this.refresh([id as ConversationId]);
  }

  /** Something of these may have changed; `isWhole`: the first list is there, whatever is in it. @internal */
  refresh(ids: readonly ConversationId[], isWhole = false): void {
    const isBulk = ids.length >= REBUILD_FROM;
    let isListChanged = isBulk || (isWhole && !this.#isReady);
    this.#isReady ||= isWhole;
    let isTallyChanged = false;
    const changed: ConversationId[] = [];
    for (const id of ids) {
      const previous = this.#items.get(id);
      const next = this.#itemOf(id, this.tally.seenElsewhere(id));
      isTallyChanged = this.tally.count(id, next) || isTallyChanged;
      if (previous && next ? isSameRecord(previous, next) : previous === next) continue;
      changed.push(id);
      if (next) this.#items.set(id, next);
      else this.#items.delete(id);
      if (!isBulk) isListChanged = this.#place(previous, next) || isListChanged;
    }
    if (isBulk) this.#sortAnew();
    for (const id of changed) this.#listeners.notify(id);
    if (isListChanged) this.#listeners.notify(LIST);
    if (isTallyChanged) this.#listeners.notify(UNREAD);
  }

  #place(previous: ConversationItem | undefined, next: ConversationItem | undefined): boolean {
    const isLiveChanged = this.#live.replace(only(previous, false), only(next, false));
    const isArchivedChanged = this.#archived.replace(only(previous, true), only(next, true));
    return isLiveChanged || isArchivedChanged;
  }

  #sortAnew(): void {
    const items = [...this.#items.values()];
    this.#live.rebuild(items.filter(({ archived }) => !archived));
    this.#archived.rebuild(items.filter(({ archived }) => archived));
  }
}

function only(item: ConversationItem | undefined, archived: boolean): ConversationItem | undefined {
  return item?.archived === archived ? item : undefined;
}
