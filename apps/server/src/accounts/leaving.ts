/** Leaving for good: what lets in ends first, then everything goes. What is cut short goes on with the next sweep, or at the next start. */
import type { AccountId } from "@instep/protocol";
import type { Engine } from "@instep/sync-server";
import type { AccountStore } from "./storage/account-store.ts";

export interface Leavers {
  /** Erases an account that nobody has any more; throws where it can't be now, and then `finish` does. */
  erase(id: AccountId): Promise<void>;
  /** Erases all that those have who are leaving, and then them; throws what kept it from some of them, after the others. */
  finish(): Promise<void>;
}

/** Makes what ends accounts; those that the store doesn't know any more are known until the program ends. */
export function createLeavers(
  store: Pick<AccountStore, "leaving" | "removePerson">,
  engine: Pick<Engine, "eraseAccount">,
): Leavers {
  const left = new Set<AccountId>();

  async function erase(id: AccountId): Promise<void> {
    left.add(id);
    await engine.eraseAccount(id);
    left.delete(id);
  }

  return {
    erase,
    async finish() {
      const faults: unknown[] = [];
      for (const id of new Set([...store.leaving(), ...left])) {
        try {
          await erase(id);
          store.removePerson(id);
        } catch (error) {
          faults.push(error);
        }
      }
      if (faults.length > 0) throw faults[0];
    },
  };
}
