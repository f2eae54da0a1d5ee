/** An answer that comes when the test says. */
import { settle } from "./virtual-environment.ts";

export interface HeldAnswer<T> {
  readonly answer: () => Promise<T>;
  /** Resolves once what follows from it has happened. */
  readonly give: (value: T) => Promise<void>;
}

export function heldAnswer<T>(): HeldAnswer<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const give = async (value: T): Promise<void> => {
    resolve(value);
    await settle();
  };
  return { answer: () => promise, give };
}
