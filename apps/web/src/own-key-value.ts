/** What is kept on the device for one account: another one in the same browser neither reads nor writes it. */
import type { KeyValue } from "./environment.ts";

/** The local account, whose keys are those of a browser where nobody signs in; whoever takes it over keeps them. */
const LOCAL_ID = "00000000-0000-4000-8000-000000000001";

/** The account's own part of the device's store. */
export function ownKeyValue(keyValue: KeyValue, accountId: string): KeyValue {
  if (accountId === LOCAL_ID) return keyValue;
  const ending = endingOf(accountId);
  return {
    get: (key) => keyValue.get(key + ending),
    set: (key, value) => keyValue.set(key + ending, value),
    remove: (key) => keyValue.remove(key + ending),
    keys: () => ownKeys(keyValue, accountId).map((key) => key.slice(0, -ending.length)),
    onOtherTab: keyValue.onOtherTab,
  };
}

/** Removes all that is kept for an account. */
export function forgetOwn(keyValue: KeyValue, accountId: string): void {
  for (const key of ownKeys(keyValue, accountId)) keyValue.remove(key);
}

function ownKeys(keyValue: KeyValue, accountId: string): readonly string[] {
  return keyValue.keys().filter((key) => key.endsWith(endingOf(accountId)));
}

function endingOf(accountId: string): string {
  return `@${accountId}`;
}
