/** Fetches the newest conversations before anybody opens them, so that they can be read without a network; in passing, and from one tab only. */
import type { ConversationId, Message } from "@instep/protocol";
import type { ConversationItem, ConversationReader } from "../conversation-item.ts";
import type { Environment } from "../environment.ts";
import { isFailure, isPassing } from "../failure.ts";
import type { LocalStore } from "../local-store/local-store.ts";
import { KEPT_OVER_RESTART } from "./page-sizes.ts";
import type { Tabs } from "../tabs/tabs.ts";
import type { Transport } from "../transport/transport.ts";

export interface ReadAheadPorts {
  readonly conversations: Pick<ConversationReader, "list" | "get">;
  readonly transport: Pick<Transport, "open">;
  readonly localStore: Pick<LocalStore, "loadMessages" | "saveMessages">;
  readonly tabs: Pick<Tabs, "exclusively">;
  readonly environment: Pick<Environment, "setTimer">;
  /** The history that the list is of. */
  readonly epoch: () => string | null;
}

/** So many conversations; the store keeps some more, for those that were read themselves. */
export const READ_AHEAD_COUNT = 20;
/** Between two requests: what a person does comes first. */
const PAUSE_MS = 300;

export class ReadAhead {
  readonly #ports: ReadAheadPorts;
  /** The `last_seq` at which a conversation was fetched: the newest live message may have a lower number. */
  readonly #fetchedAt = new Map<string, number>();
  /** The history of those numbers: of another one the device keeps no messages [EPOCH-1]. */
  #fetchedIn: string | null = null;

  constructor(ports: ReadAheadPorts) {
    this.#ports = ports;
  }

  /** Goes through the newest once, the newest last; ends early where the server has no time for it, or `signal` says so. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#ports.tabs.exclusively("instep-read-ahead", async () => {
      const epoch = this.#ports.epoch();
      if (epoch !== this.#fetchedIn) this.#fetchedAt.clear();
      this.#fetchedIn = epoch;
      // What is stored last stays longest.
      for (const id of this.#ports.conversations.list().slice(0, READ_AHEAD_COUNT).toReversed()) {
        if (signal.aborted || !(await this.#keep(id, signal))) return;
      }
    });
  }

  /** False where it is no use to go on. */
  async #keep(id: ConversationId, signal: AbortSignal): Promise<boolean> {
    const { conversations, transport, localStore } = this.#ports;
    const item = conversations.get(id);
    if (!item || !this.#isWanted(item, await localStore.loadMessages(id))) return true;
    const detail = await transport.open(id, KEPT_OVER_RESTART);
    if (signal.aborted) return false;
    // What history was rewound from is not kept [EPOCH-1].
    if (this.#ports.epoch() !== this.#fetchedIn) return false;
    if (isFailure(detail)) return !isPassing(detail);
    // Deleted meanwhile: nothing of it may be on the device any more.
    if (conversations.get(id) === undefined) return true;
    this.#fetchedAt.set(id, detail.last_seq);
    await localStore.saveMessages(id, detail.messages);
    await this.#pause();
    return true;
  }

  /** Something of it is on the server that is not here. A reply that runs is fetched once it has ended. */
  #isWanted({ id, last_seq: lastSeq, ...item }: ConversationItem, stored: readonly Message[] | null): boolean {
    if (item.isLocal || item.isGenerating || item.message_count === 0) return false;
    return stored?.at(-1)?.seq !== lastSeq && this.#fetchedAt.get(id) !== lastSeq;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#ports.environment.setTimer(resolve, PAUSE_MS));
  }
}
