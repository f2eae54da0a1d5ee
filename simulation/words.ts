/** What people changed, and what must become of it: shown at once, and the last word of each thing stands [DEV-8, DEV-12]. */
import type { CompleteRow } from "@instep/protocol";
import { FIRST_MODEL } from "./api.ts";
import type { ChangeCall, Thing } from "./change-call.ts";
import type { History } from "./history.ts";
import type { Tab } from "./tab.ts";
import { must } from "./violation.ts";

interface Word {
  readonly tab: Tab;
  readonly id: string;
  readonly thing: Thing;
  readonly value: string | boolean;
}

export class Words {
  /** The last word of each thing that was said in one tab only. */
  readonly #last = new Map<string, Word>();
  /** By thing, the tabs in which something was said of it, whatever became of that: it may be under way still. */
  readonly #speakers = new Map<string, Set<Tab>>();
  /** By thing, the newest request that the server has carried out. */
  readonly #ran = new Map<string, number>();
  #calls = 0;

  /** A person changes a thing; returns what hears whether it was taken. */
  say(word: Word): (isTaken: boolean) => void {
    const key = keyOf(word.id, word.thing);
    const said = { ...word };
    const speakers = (this.#speakers.get(key) ?? new Set()).add(word.tab);
    this.#speakers.set(key, speakers);
    // Of words in two tabs nobody can say which was the last, until all has come to rest.
    if (speakers.size > 1) this.#last.delete(key);
    else this.#last.set(key, said);
    return (isTaken) => {
      if (!isTaken && this.#last.get(key) === said) this.#last.delete(key);
    };
  }

  /** Another program has changed something of the conversation; without an id, history itself was changed. */
  overruled(id?: string): void {
    for (const [key, word] of this.#last) if (id === undefined || word.id === id) this.#last.delete(key);
  }

  /** A page has gone, and nothing that it held can be counted on. */
  lost(tab: Tab): void {
    for (const [key, word] of this.#last) if (word.tab === tab) this.#last.delete(key);
    for (const speakers of this.#speakers.values()) speakers.delete(tab);
  }

  /** A request leaves; returns what hears of it at the server. */
  leaves(id: string, thing: Thing): ChangeCall {
    const key = keyOf(id, thing);
    this.#calls += 1;
    const call = this.#calls;
    return {
      runs: () => {
        const newest = this.#ran.get(key) ?? 0;
        // The network has turned them around: the device could not help it.
        if (call < newest) this.#last.delete(key);
        this.#ran.set(key, Math.max(newest, call));
      },
      // Somebody else has deleted the conversation, and bringing that back repeats nothing.
      isRefused: () => void this.#last.delete(key),
    };
  }

  /** The last word is shown where it was said, answered or not. */
  checkInstant(tab: Tab): void {
    for (const { tab: owner, id, thing, value } of this.#last.values()) {
      if (owner !== tab) continue;
      const item = tab.device.conversations.get(id);
      if (thing === "removed") {
        must(!value || item === undefined, "DEV-8", () => `${tab.name} shows ${id}, which its person has deleted`);
      } else if (item !== undefined) {
        // A device keeps no name for the default model.
        const shown = thing === "model" ? item.model || FIRST_MODEL : item[thing];
        must(shown === value, "DEV-8", () => {
          return `${tab.name} shows ${thing} ${shown} of ${id}, which its person has changed to ${value}`;
        });
      }
    }
  }

  checkQuiet(history: History): void {
    const live: ReadonlyMap<string, CompleteRow> = history.live();
    for (const { tab, id, thing, value } of this.#last.values()) {
      const row = live.get(id);
      if (thing === "removed") {
        // What was erased meanwhile can't be had back, and nobody may be waiting for that answer any more.
        const holds = value === false || row === undefined;
        must(holds, "DEV-12", () => `${id} is there, and its person, in ${tab.name}, has deleted it`);
      } else if (row) {
        must(row[thing] === value, "DEV-12", () => {
          return `${thing} of ${id} is ${row[thing]}, and the last word, in ${tab.name}, was ${value}`;
        });
      }
    }
    this.#last.clear();
    this.#speakers.clear();
  }
}

function keyOf(id: string, thing: Thing): string {
  return `${id} ${thing}`;
}
