/** How a push service knows this server (VAPID, RFC 8292): a key that is made once and kept in the data folder [SAFE-3]. */
import { createECDH, type ECDH, createPrivateKey, sign, type KeyObject } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { openReplaceable, type OnReplaced } from "../data-folder/clear-place.ts";
import { pushKeyPath } from "../data-folder/places.ts";
import type { Settings } from "../settings/config.ts";
import { keepSecret } from "../data-folder/private-files.ts";

export interface Vapid {
  /** What browsers subscribe with: the uncompressed point, in base64url. */
  readonly publicKey: string;
  /** The header that a push to this endpoint is sent with; `nowMs` is the time. */
  authorization(endpoint: URL, nowMs: number): string;
}

const CURVE = "prime256v1";
/** Push services take no more than a day. */
const LIFE_S = 12 * 3600;
const POINT_PART_BYTES = 32;

/** Reads the key, or makes it. Another key ends every subscription, so it is kept like the data; one that can't be used is of no use to them. */
export function readVapid(settings: Pick<Settings, "dataDir" | "publicUrl">, onReplaced: OnReplaced): Vapid {
  const ecdh = openReplaceable(pushKeyPath(settings), readKey, onReplaced);
  return createVapid(
    ecdh.getPublicKey(),
    privateKeyOf(ecdh.getPublicKey(), ecdh.getPrivateKey()),
    contactOf(settings.publicUrl),
  );
}

function readKey(path: string): ECDH {
  const ecdh = createECDH(CURVE);
  if (existsSync(path)) {
    ecdh.setPrivateKey(readFileSync(path, "utf8").trim(), "base64url");
  } else {
    ecdh.generateKeys();
    ecdh.setPrivateKey(keepSecret(path, ecdh.getPrivateKey("base64url")), "base64url");
  }
  return ecdh;
}

function createVapid(publicPoint: Buffer, key: KeyObject, subject: string): Vapid {
  const publicKey = publicPoint.toString("base64url");
  return {
    publicKey,
    authorization({ origin }, nowMs) {
      const claims = { aud: origin, exp: Math.floor(nowMs / 1000) + LIFE_S, sub: subject };
      const signed = `${encode({ typ: "JWT", alg: "ES256" })}.${encode(claims)}`;
      const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
      return `vapid t=${signed}.${signature}, k=${publicKey}`;
    },
  };
}

/** Whom a push service may turn to. Some take only an address that could be one. */
function contactOf(publicUrl: string | null): string {
  return publicUrl?.startsWith("https:") ? publicUrl : "mailto:nobody@example.com";
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function privateKeyOf(point: Buffer, secret: Buffer): KeyObject {
  const x = point.subarray(1, 1 + POINT_PART_BYTES).toString("base64url");
  const y = point.subarray(1 + POINT_PART_BYTES).toString("base64url");
  // Leading zeros belong to the key.
  const d = Buffer.concat([Buffer.alloc(POINT_PART_BYTES - secret.length), secret]).toString("base64url");
  return createPrivateKey({ key: { kty: "EC", crv: "P-256", x, y, d }, format: "jwk" });
}
