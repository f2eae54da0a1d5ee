/** How a push service knows this server: by a signature that holds for that service and that day, whatever key was kept. */
import { createECDH, createPublicKey, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readVapid, type Vapid } from "./vapid.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const ENDPOINT = new URL("https://push.example:8443/some/secret");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-vapid-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(publicUrl: string | null = null): Vapid {
  return readVapid({ dataDir: folder, publicUrl }, () => {
    throw new Error("the key was replaced");
  });
}

interface Claims {
  readonly aud: string;
  readonly exp: number;
  readonly sub: string;
}

/** What the header says, once its signature has been checked by the key that browsers are given. */
function claimsOf(vapid: Vapid): Claims {
  const [, token = "", key = ""] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(vapid.authorization(ENDPOINT, NOW)) ?? [];
  expect(key).toBe(vapid.publicKey);
  const [head = "", claims = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  expect([point.length, point[0]]).toEqual([65, 4]);
  const [x, y] = [point.subarray(1, 33).toString("base64url"), point.subarray(33).toString("base64url")];
  const jwk = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const signed = Buffer.from(`${head}.${claims}`);
  const options = { key: jwk, dsaEncoding: "ieee-p1363" } as const;
  expect(verify("sha256", signed, options, Buffer.from(signature, "base64url"))).toBe(true);
  return JSON.parse(Buffer.from(claims, "base64url").toString()) as Claims;
}

test("[PUSH-1] it is signed for the service alone, and for no more than a day", () => {
  const { aud, exp } = claimsOf(read());
  expect(aud).toBe("https://push.example:8443");
  const seconds = exp - NOW / 1000;
  expect([Number.isInteger(exp), seconds > 3600, seconds <= 86_400]).toEqual([true, true, true]);
});

test.each([
  [null, /^mailto:.+@/],
  ["https://chat.example.org", /^https:\/\/chat\.example\.org$/],
  ["http://chat.example.org", /^mailto:.+@/],
])("[PUSH-1] with PUBLIC_URL %j a service may turn to %s", (publicUrl, sub) => {
  expect(claimsOf(read(publicUrl)).sub).toMatch(sub);
});

test("[PUSH-1] the key is kept, and is the same with the next start", () => {
  const first = read().publicKey;
  expect(read().publicKey).toBe(first);
  expect(readFileSync(join(folder, "push-key"), "utf8")).toMatch(/^[\w-]{43}\n$/);
});

test("[PUSH-1] a key that begins with zeros is one like any other", () => {
  const ecdh = createECDH("prime256v1");
  const key = Buffer.alloc(32, 7);
  key.fill(0, 0, 2);
  ecdh.setPrivateKey(key);
  for (const kept of [key, key.subarray(2)]) {
    writeFileSync(join(folder, "push-key"), `${kept.toString("base64url")}\n`);
    const vapid = read();
    expect(vapid.publicKey).toBe(ecdh.getPublicKey("base64url"));
    claimsOf(vapid);
  }
});
