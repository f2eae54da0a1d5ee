/** Which accounts have a device that looks just now: what decides whether a reply's end is told by a push [PUSH-1]. Pure but for its clock. */
import type { AccountId } from "@instep/protocol";

export interface Presence {
  /** The device holds a question or watches a reply: it looks until the function that is returned is called, and a little longer. */
  begin(accountId: AccountId, deviceId: string): () => void;
  /** The device asked what is new without having the question held: it polls. */
  noteQuestion(accountId: AccountId, deviceId: string): void;
  looks(accountId: AccountId): boolean;
}

interface Device {
  /** How many questions and replies it has open. */
  open: number;
  looksUntil: number;
}

/** Between an answer and the next held question, and where a connection is renewed. */
export const LOOKED_MS = 5000;
/** A device that polls asks once a minute while somebody looks at it. */
export const POLLED_MS = 65_000;
/** Devices that look no more are forgotten when there are so many. */
const MAX_DEVICES = 20_000;

/** Makes the presence of one process; `now` is in milliseconds. */
export function createPresence(now: () => number): Presence {
  const byAccount = new Map<AccountId, Map<string, Device>>();
  let count = 0;

  function deviceOf(accountId: AccountId, deviceId: string): Device {
    const ofAccount = byAccount.get(accountId) ?? new Map<string, Device>();
    const known = ofAccount.get(deviceId);
    if (known !== undefined) return known;
    if (count >= MAX_DEVICES) forgetIdle();
    const device = { open: 0, looksUntil: 0 };
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

  return {
    begin(accountId, deviceId) {
      const device = deviceOf(accountId, deviceId);
      device.open += 1;
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        device.open -= 1;
        // What it holds says more than what it asked before.
        if (device.open === 0) device.looksUntil = now() + LOOKED_MS;
      };
    },
    noteQuestion(accountId, deviceId) {
      deviceOf(accountId, deviceId).looksUntil = now() + POLLED_MS;
    },
    looks: (accountId) => [...(byAccount.get(accountId)?.values() ?? [])].some(isLooking),
  };
}
