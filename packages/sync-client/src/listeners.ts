/** Subscriptions by key: whoever asked to be told of one thing is told of that thing, and nobody else. */
import { guarded } from "./guarded.ts";

export class Listeners {
  readonly #byKey = new Map<string, Set<() => void>>();

  /** Returns what ends the subscription. */
  add(key: string, listener: () => void): () => void {
    const listeners = this.#byKey.get(key) ?? new Set();
    this.#byKey.set(key, listeners);
    // A wrapper of its own, so that one function may subscribe twice.
    const entry = (): void => listener();
    listeners.add(entry);
    return () => {
      if (listeners.delete(entry) && listeners.size === 0) this.#byKey.delete(key);
    };
  }

  notify(key: string): void {
    for (const listener of this.#byKey.get(key) ?? []) guarded(listener);
  }
}
