import { describe, expect, it } from "vitest";
import { createPasswordHasher } from "./password-hash.ts";

const quick = { costLog2: 4 };

describe("password hashes", () => {
  it("[SIGN-2] know their own password and no other, and never say it", async () => {
    const { hash, verify } = createPasswordHasher(quick);
    const stored = await hash("correct horse");
    expect(stored).not.toContain("horse");
    expect(await hash("correct horse"), "each has a salt of its own").not.toBe(stored);
    expect(await verify("correct horse", stored)).toBe(true);
    expect(await verify("correct horsE", stored)).toBe(false);
    expect(await verify("", stored)).toBe(false);
  });

  it("[SIGN-2] are made with OWASP's parameters for scrypt and 32 MB", async () => {
    expect(await createPasswordHasher().hash("correct horse")).toMatch(/^scrypt:15:8:3:[\w-]{22}:[\w-]{43}$/);
  });

  it("[SIGN-2] are computed, and false, where there is none to compare with", async () => {
    const { verify } = createPasswordHasher(quick);
    expect(await verify("correct horse", null)).toBe(false);
  });

  it("[SIGN-2] made with other parameters still hold", async () => {
    const stored = await createPasswordHasher({ costLog2: 5 }).hash("correct horse");
    expect(await createPasswordHasher(quick).verify("correct horse", stored)).toBe(true);
  });

  it("[SIGN-2] take an accent however it is written", async () => {
    const { hash, verify } = createPasswordHasher(quick);
    expect(await verify("cafe\u0301-cafe\u0301", await hash("caf\u00e9-caf\u00e9"))).toBe(true);
  });

  it("[SAFE-2] are computed a few at a time, and refused where too many wait", async () => {
    const { hash } = createPasswordHasher({ ...quick, parallel: 2, maxWaiting: 3 });
    const all = await Promise.all(Array.from({ length: 8 }, (_, index) => hash(`password ${index}`)));
    expect(all.map((one) => one !== null)).toEqual([true, true, true, true, true, false, false, false]);
    expect(await hash("afterwards"), "places are given back").not.toBeNull();
  });
});
