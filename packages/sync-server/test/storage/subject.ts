/** What the storage's suites have in common: how a storage is opened, and the one of the test that runs, with two accounts in it. */
import type { AccountId, Micros } from "@instep/protocol";
import type { Storage } from "../../src/storage/storage.ts";

/** Opens a storage on an empty database of its own; the suite closes it. */
export type OpenStorage = () => Promise<Storage>;

export const NOW = 1_767_268_800_000_000 as Micros;
export const ann = "6f1c2b6e-6f0e-4a53-9d3e-1f1a40a0c001" as AccountId;
export const bob = "6f1c2b6e-6f0e-4a53-9d3e-1f1a40a0c002" as AccountId;

export class Subject {
  readonly #openStorage: OpenStorage;
  #storage: Storage | null = null;

  constructor(open: OpenStorage) {
    this.#openStorage = open;
  }

  get storage(): Storage {
    if (!this.#storage) throw new Error("The test has not opened its storage");
    return this.#storage;
  }

  async open(): Promise<void> {
    this.#storage = await this.#openStorage();
    for (const id of [ann, bob]) {
      const account = { id, email: null, name: "Somebody", unreadScope: "device" as const, now: NOW };
      await this.storage.transact("ensureAccount", account);
    }
  }
}
