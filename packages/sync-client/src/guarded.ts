/** What the page gives to be called: where it throws, that is the page's error, and nothing here stops for it [DEV-14]. */
import { reportError } from "./environment.ts";
import { badAnswer, type Failure } from "./failure.ts";

/** The same callbacks, none of which throws. */
export function guardedCallbacks<T extends object>(callbacks: T): T {
  return new Proxy(callbacks, {
    get(target, name) {
      const callback: unknown = Reflect.get(target, name);
      if (typeof callback !== "function") return callback;
      return (...given: unknown[]): void => guarded(() => Reflect.apply(callback, target, given));
    },
  });
}

/** Calls it; what it throws is reported as an uncaught error is. */
export function guarded(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    reportError(error);
  }
}

/** What broke over an answer is reported, and the answer is one that could not be read: asked for again, it may be another [DEV-14]. */
export function brokenBy(error: unknown): Failure {
  reportError(error);
  return badAnswer();
}
