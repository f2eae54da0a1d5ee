/** Who may have an account: addresses, and whole domains as `*@domain`. Pure; the settings and the invitations are given to it. */
import type { Refusal } from "@instep/sync-server";

/** A checked list: whole addresses, and the domains all of whose addresses are on it. */
export interface AllowList {
  readonly addresses: ReadonlySet<string>;
  readonly domains: ReadonlySet<string>;
}

/** What somebody is told who has shown who he is, and may not be here. */
export const NOT_LISTED: Refusal = { refused: "address_refused", detail: "It is not on this server's list." };

/** Signs that can't be seen, or turn what is shown around, are in nobody's. */
const ADDRESS = /^[^\s\p{Cc}\p{Cf}@*",;:<>()[\]\\]{1,64}@[^\s\p{Cc}\p{Cf}@*",;:<>()[\]\\]{1,253}$/u;
const MAX_ADDRESS_LENGTH = 254;

/** An address in the one way in which it is compared and stored; null where it is none. */
export function normalAddress(text: string): string | null {
  const address = text.trim().normalize("NFC").toLowerCase();
  return address.length <= MAX_ADDRESS_LENGTH && ADDRESS.test(address) ? address : null;
}

/** Reads addresses and `*@domain`, separated by commas; null where one of them is neither, or there is none. */
export function parseAllowList(text: string): AllowList | null {
  const entries = text.split(",").map((entry) => entry.trim());
  const named = entries.filter((entry) => entry !== "");
  const addresses = new Set<string>();
  const domains = new Set<string>();
  for (const entry of named) {
    const isDomain = entry.startsWith("*@");
    const address = normalAddress(isDomain ? `any${entry.slice(1)}` : entry);
    if (address === null) return null;
    if (isDomain) domains.add(domainOf(address));
    else addresses.add(address);
  }
  return named.length === 0 ? null : { addresses, domains };
}

/** Whether a normal address is on the list. A domain stands for itself only, never for those under it. */
export function isListed({ addresses, domains }: AllowList, address: string): boolean {
  return addresses.has(address) || domains.has(domainOf(address));
}

/** What somebody is called who has said nothing else. */
export function nameFrom(address: string): string {
  return address.slice(0, address.lastIndexOf("@"));
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}
