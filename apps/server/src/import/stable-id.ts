/** Ids that come out the same every time the same thing is imported, so that a second import changes nothing. */
import { isUuid } from "@instep/protocol";
import { createHash } from "node:crypto";

/** Fixed for ever: other values would make a repeated import add everything again. */
const NAMESPACE = Buffer.from("6f2d1c0e5b7a4f0c9d3e8a1b4c6d7e90", "hex");

/** The original id where it is a UUID (in lower case), else a name-based UUID (version 5) of it. */
export function stableId(original: string, scope: string): string {
  return isUuid(original) ? original.toLowerCase() : nameBasedUuid(`${scope}:${original}`);
}

/** A UUID of version 5 (RFC 9562) in Instep's namespace. */
export function nameBasedUuid(name: string): string {
  const hash = createHash("sha1").update(NAMESPACE).update(name.toWellFormed(), "utf8").digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex", 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
