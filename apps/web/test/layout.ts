/** Gives elements the sizes that a browser would: where nothing has a height, nothing is in view. */
import { vi } from "vitest";

type Callback = ConstructorParameters<typeof ResizeObserver>[0];

/** The list is so tall and its rows are 40 pixels, until `vi.unstubAllGlobals`. */
export function layOut(listHeight = 600): void {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      readonly #callback: Callback;

      constructor(callback: Callback) {
        this.#callback = callback;
      }

      observe(target: Element): void {
        const contentRect = { height: target.matches(".conversation-list") ? listHeight : 40, width: 300 };
        queueMicrotask(() => this.#callback([{ target, contentRect } as ResizeObserverEntry], this));
      }

      unobserve(): void {
        return undefined;
      }

      disconnect(): void {
        return undefined;
      }
    },
  );
  Object.defineProperty(HTMLElement.prototype, "offsetParent", { configurable: true, get: () => document.body });
}
