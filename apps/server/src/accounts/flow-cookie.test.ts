import fc from "fast-check";
import { expect, test } from "vitest";
import { createFlowCookie } from "./flow-cookie.ts";

const part = fc.stringMatching(/^[\w-]{43}$/);
const flow = fc.record({ state: part, nonce: part, verifier: part, returnTo: fc.constantFrom("/", "/c/a-b_c9") });

function sentBack(line: string): { cookie: string } {
  return { cookie: `other=1; ${line.split(";")[0] ?? ""}` };
}

test("[SIGN-10] what is kept for the way back is read there as it was, and gone once it is taken away", () => {
  fc.assert(
    fc.property(flow, fc.boolean(), (kept, isSecure) => {
      const cookie = createFlowCookie({ isSecure });
      expect(cookie.read(sentBack(cookie.write(kept)))).toEqual(kept);
      expect(cookie.read(sentBack(cookie.write(null)))).toBeNull();
      expect(createFlowCookie({ isSecure: !isSecure }).read(sentBack(cookie.write(kept)))).toBeNull();
    }),
  );
});

test("[SIGN-10] [SIGN-3] no script sees it, no other site sends it, it ends soon, and with HTTPS only this host can have set it", () => {
  const parts = { state: "s".repeat(43), nonce: "n".repeat(43), verifier: "v".repeat(43), returnTo: "/" };
  const plain = createFlowCookie({ isSecure: false }).write(parts);
  expect(plain).toMatch(/^instep_oidc=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=900$/);
  const secure = createFlowCookie({ isSecure: true }).write(parts);
  expect(secure).toMatch(/^__Host-instep_oidc=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=900$/);
});

test.each([
  "https://evil.example",
  "//evil.example",
  "/\\\\evil.example",
  "/c/a\r\nset-cookie: x=1",
  "/c/../api/me",
  "",
  "/api/me",
])("[SIGN-10] it leads back to no other address than the page's own: not to %j", (returnTo) => {
  const cookie = createFlowCookie({ isSecure: false });
  const parts = { state: "s".repeat(43), nonce: "n".repeat(43), verifier: "v".repeat(43) };
  expect(cookie.read(sentBack(cookie.write({ ...parts, returnTo })))?.returnTo).toBe("/");
  const forged = Buffer.from(returnTo).toString("base64url");
  const line = `instep_oidc=${[parts.state, parts.nonce, parts.verifier, forged].join(".")}`;
  expect(cookie.read({ cookie: line })?.returnTo).toBe("/");
});

test("[SIGN-10] one that is cut, made up or of another form is none", () => {
  const cookie = createFlowCookie({ isSecure: false });
  const good = cookie.write({ state: "s".repeat(43), nonce: "n".repeat(43), verifier: "v".repeat(43), returnTo: "/" });
  const value = good.split(";")[0] ?? "";
  for (const wrong of ["", "instep_oidc=", "instep_oidc=a.b.c.Lw", `${value}.x`, value.replace(".", ""), `x${value}`]) {
    expect(cookie.read({ cookie: wrong }), wrong).toBeNull();
  }
});
