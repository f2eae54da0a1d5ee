/** Which accounts have a device that looks just now: what decides whether a reply's end is told by a push [PUSH-1]. Pure but for its clock. */
import type { AccountId } from "@instep/protocol";
import { once } from "../once.ts";

export interface Presence {
  /** The device has its question held: it looks until the function that is returned is called, and a little longer. */
  beginQuestion(accountId: AccountId, deviceId: string): () => void;
  /** The same of one that watches a reply. */
  beginWatching(accountId: AccountId, deviceId: string): () => void;
  /** The device asked what is new without having the question held: it polls, unless it is one that holds. */
  noteQuestion(accountId: AccountId, deviceId: string): void;
  looks(accountId: AccountId): boolean;
}

interface Device {
  /** How many questions and replies it has open. */
  open: number;
  looksUntil: number;
  /** Whether it ever held a question: a page that does, and is hidden, may still ask without, for what it has in the background. */
  hasHeld: boolean;
}

/** Between an answer and the next held question, and where a connection is renewed. */
export const LOOKED_MS = 5000;
/** A device that polls asks once a minute while somebody looks at it. */
export const POLLED_MS = 65_000;
/** Devices that look no more are forgotten when there are so many. */
export const MAX_DEVICES = 20_000;

/** Makes the presence of one process; `now` is in milliseconds of a clock that nobody sets. */
export function createPresence(now: () => number): Presence {
  const byAccount = new Map<AccountId, Map<string, Device>>();
  let count = 0;

  function deviceOf(accountId: AccountId, deviceId: string): Device {
    const ofAccount = byAccount.get(accountId) ?? new Map<string, Device>();
    const known = ofAccount.get(deviceId);
    if (known !== undefined) return known;
    if (count >= MAX_DEVICES) forgetIdle();
    const device = { open: 0, looksUntil: 0, hasHeld: false };
    byAccount.set(accountId, ofAccount.set(deviceId, device));
    count += 1;
    return device;
  }

  function forgetIdle(): void {
    for (const [accountId, devices] of byAccount) {
      for (const [deviceId, device] of devices) {
        if (isLooking(device)) continue;
        devices.delete(deviceId);
        count -= 1;
      }
      if (devices.size === 0) byAccount.delete(accountId);
    }
  }

  function isLooking({ open, looksUntil }: Device): boolean {
    return open > 0 || looksUntil > now();
  }

  function begin(device: Device): () => void {
    device.open += 1;
    return once(() => {
      device.open -= 1;
      const polledUntil = device.hasHeld ? 0 : device.looksUntil;
      if (device.open === 0) device.looksUntil = Math.max(polledUntil, now() + LOOKED_MS);
    });
  }

  return {
    beginQuestion(accountId, deviceId) {
      const device = deviceOf(accountId, deviceId);
      device.hasHeld = true;
      return begin(device);
    },
    beginWatching: (accountId, deviceId) => begin(deviceOf(accountId, deviceId)),
    noteQuestion(accountId, deviceId) {
      const device = deviceOf(accountId, deviceId);
      if (!device.hasHeld) device.looksUntil = now() + POLLED_MS;
    },
    looks: (accountId) => [...(byAccount.get(accountId)?.values() ?? [])].some(isLooking),
  };
}
