import { expect, test } from "vitest";
import { createBrowserCookie, newBrowser } from "./browser-cookie.ts";

test("[SIGN-11] a browser is known again by its cookie alone, which no script sees, no other site sends and which ends with the challenge", () => {
  const browser = newBrowser();
  expect(newBrowser()).not.toBe(browser);
  const [plain, secure] = [createBrowserCookie({ isSecure: false }), createBrowserCookie({ isSecure: true })];
  expect(plain.write(browser)).toBe(`instep_browser=${browser}; Path=/; HttpOnly; SameSite=Strict; Max-Age=300`);
  expect(secure.write(browser)).toBe(
    `__Host-instep_browser=${browser}; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=300`,
  );
  expect(plain.read({ cookie: `other=1; instep_browser=${browser}` })).toBe(browser);
  expect(secure.read({ cookie: `__Host-instep_browser=${browser}` })).toBe(browser);
  expect(secure.read({ cookie: `instep_browser=${browser}` })).toBeNull();
});

test.each([
  undefined,
  "",
  "instep_browser=",
  `instep_browser=${"x".repeat(42)}`,
  `instep_browser=${"x".repeat(44)}`,
  `instep_browser=${"x".repeat(42)}.`,
])("[SIGN-11] no browser is read of %s", (cookie) =>
  expect(createBrowserCookie({ isSecure: false }).read(cookie === undefined ? {} : { cookie })).toBeNull(),
);
