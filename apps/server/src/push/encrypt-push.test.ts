/** What is sealed for a browser: the standard's own example, and whatever else is said. */
import * as fc from "fast-check";
import { createECDH } from "node:crypto";
import { expect, test } from "vitest";
import { openPushed } from "../../test/push-service.ts";
import { encryptPush, MAX_PUSH_BYTES, readPushKeys } from "./encrypt-push.ts";

const EXAMPLE = {
  text: "When I grow up, I want to be a watermelon",
  privateKey: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
  salt: "DGv6ra1nlYgDCS1FRnbzlw",
  p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
  auth: "BTBZMqHH6r4Tts7J_aSIgg",
  sealed:
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_" +
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
};

function keysOf(own: { readonly p256dh: string; readonly auth: string }) {
  const keys = readPushKeys(own);
  if (keys === null) throw new Error("these are keys");
  return keys;
}

function browser() {
  const ecdh = createECDH("prime256v1");
  ecdh.generateKeys();
  const auth = Buffer.alloc(16, 7);
  return { ecdh, auth, p256dh: ecdh.getPublicKey("base64url") };
}

test("[PUSH-1] the example of RFC 8291 is sealed as it stands there", () => {
  const secrets = {
    privateKey: Buffer.from(EXAMPLE.privateKey, "base64url"),
    salt: Buffer.from(EXAMPLE.salt, "base64url"),
  };
  const sealed = encryptPush(Buffer.from(EXAMPLE.text), keysOf(EXAMPLE), secrets);
  expect(sealed.toString("base64url")).toBe(EXAMPLE.sealed);
});

test("[PUSH-1] whatever is said is read by the browser alone, and never sealed twice in the same way", () => {
  const { ecdh, auth, p256dh } = browser();
  const keys = keysOf({ p256dh, auth: auth.toString("base64url") });
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 900 }), (text) => {
      const [sealed, again] = [encryptPush(Buffer.from(text), keys), encryptPush(Buffer.from(text), keys)];
      expect(openPushed(sealed, ecdh, auth)).toBe(Buffer.from(text).toString());
      expect(sealed.equals(again)).toBe(false);
      expect(() => openPushed(sealed, browser().ecdh, auth)).toThrow();
    }),
    { numRuns: 25 },
  );
});

test("a text may be as long as push services carry, and no longer", () => {
  const { auth, p256dh } = browser();
  const keys = keysOf({ p256dh, auth: auth.toString("base64url") });
  expect(encryptPush(Buffer.alloc(MAX_PUSH_BYTES), keys).length).toBe(4096);
  expect(() => encryptPush(Buffer.alloc(MAX_PUSH_BYTES + 1), keys)).toThrow(RangeError);
});

test("keys that nothing could be sealed with are none", () => {
  const { p256dh } = browser();
  const auth = Buffer.alloc(16).toString("base64url");
  const bytes = Buffer.from(p256dh, "base64url");
  const offCurve = Buffer.from(bytes);
  offCurve.writeUInt8(bytes.readUInt8(64) ^ 1, 64);
  expect(readPushKeys({ p256dh, auth })).not.toBeNull();
  for (const wrong of [
    { p256dh: "", auth },
    { p256dh: bytes.subarray(0, 64).toString("base64url"), auth },
    { p256dh: offCurve.toString("base64url"), auth },
    { p256dh: Buffer.alloc(65, 4).toString("base64url"), auth },
    { p256dh, auth: Buffer.alloc(15).toString("base64url") },
    { p256dh, auth: Buffer.alloc(17).toString("base64url") },
  ]) {
    expect(readPushKeys(wrong)).toBeNull();
  }
});
