import { describe, expect, it } from "vitest";
import { createSessionCookie } from "./session-cookie.ts";

const plain = createSessionCookie({ isSecure: false });
const secure = createSessionCookie({ isSecure: true });

describe("what a request shows to be let in", () => {
  it("[SIGN-3] is a cookie that no script reads, no other site sends, and that HTTPS keeps to itself", () => {
    expect(plain.write("abc")).toBe("instep_session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000");
    expect(secure.write("abc")).toBe(
      "__Host-instep_session=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=34560000",
    );
    expect(plain.write(null)).toBe("instep_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
  });

  it.each([
    ["instep_session=abc", "abc"],
    ["a=b; instep_session=abc; c=d", "abc"],
    ["a=b;instep_session=a_b-C", "a_b-C"],
    ["instep_session=first; instep_session=second", "first"],
    ["xinstep_session=abc", null],
    ["a=instep_session=abc", null],
    ["instep_session=", null],
    ["instep_session=a b", null],
    [`instep_session=${"a".repeat(201)}`, null],
    ["__Host-instep_session=abc", null],
    ["", null],
  ])("[SIGN-3] in the cookies %j is %j", (cookie, token) => {
    expect(plain.read({ cookie })).toEqual(token === null ? null : { kind: "session", token });
  });

  it.each([
    ["Bearer instep_abc", "instep_abc"],
    ["bearer  instep_abc ", "instep_abc"],
    ["Basic aW5zdGVw", null],
    ["Bearer", null],
    ["Bearer a b", null],
    ["", null],
  ])("[SIGN-3] in Authorization %j is %j, whatever the cookies say", (authorization, token) => {
    const headers = { authorization, cookie: "instep_session=abc" };
    expect(plain.read(headers)).toEqual(token === null ? null : { kind: "token", token });
  });

  it("[SIGN-3] is read under the name that it is written under", () => {
    for (const cookie of [plain, secure]) {
      const [pair = ""] = cookie.write("abc").split(";");
      expect(cookie.read({ cookie: pair })).toEqual({ kind: "session", token: "abc" });
    }
    expect(secure.read({ cookie: "instep_session=abc" })).toBeNull();
  });
});
