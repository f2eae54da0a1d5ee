/** What is kept on the device for one account: another one in the same browser neither reads nor writes it. */
import type { KeyValue } from "../environment.ts";

/** The local account, whose keys are those of a browser where nobody signs in; whoever takes it over keeps them. */
const LOCAL_ID = "00000000-0000-4000-8000-000000000001";

/** The account's own part of the device's store. */
export function ownKeyValue(keyValue: KeyValue, accountId: string): KeyValue {
  if (accountId === LOCAL_ID) return keyValue;
  const own = (key: string) => `${key}@${accountId}`;
  return {
    get: (key) => keyValue.get(own(key)),
    set: (key, value) => keyValue.set(own(key), value),
    remove: (key) => keyValue.remove(own(key)),
  };
}
