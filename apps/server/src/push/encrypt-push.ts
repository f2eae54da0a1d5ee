/** Seals what a push service carries, so that only the browser that subscribed can read it (RFC 8291, one record of aes128gcm). */
import { createCipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

/** What a browser gives when it subscribes, as bytes. */
export interface PushKeys {
  /** Its public key: an uncompressed point of P-256. */
  readonly p256dh: Buffer;
  readonly auth: Buffer;
}

/** What has to be another one for each message; given by a test that compares with the standard's example. */
export interface PushSecrets {
  readonly privateKey: Buffer;
  readonly salt: Buffer;
}

const CURVE = "prime256v1";
const POINT_BYTES = 65;
const AUTH_BYTES = 16;
const SALT_BYTES = 16;
const RECORD_BYTES = 4096;
const TAG_BYTES = 16;
/** Marks the last record, and stands after the text. */
const LAST_RECORD = Buffer.from([2]);
/** The header stands before the record: salt, record size, the key's length and the key. */
const HEADER_BYTES = SALT_BYTES + 4 + 1 + POINT_BYTES;
/** More than this, a push service need not carry. */
const CARRIED_BYTES = 4096;
/** How long a text may be, in bytes. */
export const MAX_PUSH_BYTES = CARRIED_BYTES - HEADER_BYTES - LAST_RECORD.length - TAG_BYTES;

/** The keys as a browser writes them; null where nothing could be sealed with them. */
export function readPushKeys({ p256dh, auth }: { readonly p256dh: string; readonly auth: string }): PushKeys | null {
  const keys = { p256dh: Buffer.from(p256dh, "base64url"), auth: Buffer.from(auth, "base64url") };
  return keys.auth.length === AUTH_BYTES && isPoint(keys.p256dh) ? keys : null;
}

function isPoint(key: Buffer): boolean {
  if (key.length !== POINT_BYTES) return false;
  try {
    const ecdh = createECDH(CURVE);
    ecdh.generateKeys();
    ecdh.computeSecret(key);
    return true;
  } catch {
    // Bytes that are no point of the curve.
    return false;
  }
}

/** The body of the request. Throws for a text that is longer than `MAX_PUSH_BYTES`. */
export function encryptPush(text: Buffer, keys: PushKeys, secrets: PushSecrets = newSecrets()): Buffer {
  if (text.length > MAX_PUSH_BYTES) throw new RangeError("A push service carries no text so long");
  const { salt, privateKey } = secrets;
  const ecdh = createECDH(CURVE);
  ecdh.setPrivateKey(privateKey);
  const own = ecdh.getPublicKey();
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), keys.p256dh, own]);
  const shared = derive(ecdh.computeSecret(keys.p256dh), { salt: keys.auth, info, length: 32 });
  const key = derive(shared, { salt, info: Buffer.from("Content-Encoding: aes128gcm\0"), length: 16 });
  const nonce = derive(shared, { salt, info: Buffer.from("Content-Encoding: nonce\0"), length: 12 });
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  const sealed = [cipher.update(Buffer.concat([text, LAST_RECORD])), cipher.final(), cipher.getAuthTag()];
  const sizes = Buffer.alloc(5);
  sizes.writeUInt32BE(RECORD_BYTES);
  sizes.writeUInt8(own.length, 4);
  return Buffer.concat([salt, sizes, own, ...sealed]);
}

function newSecrets(): PushSecrets {
  const ecdh = createECDH(CURVE);
  ecdh.generateKeys();
  return { privateKey: ecdh.getPrivateKey(), salt: randomBytes(SALT_BYTES) };
}

interface Derivation {
  readonly salt: Buffer;
  readonly info: Buffer;
  readonly length: number;
}

function derive(from: Buffer, { salt, info, length }: Derivation): Buffer {
  return Buffer.from(hkdfSync("sha256", from, salt, info, length));
}
