import { isRefusal } from "@instep/sync-server";
import { expect, test } from "vitest";
import { relyingPartyOf } from "./relying-party.ts";

const TLS = { certPath: "cert", keyPath: "key" };

test.each([
  ["https://chat.example.org", null, undefined, "chat.example.org", "https://chat.example.org"],
  ["https://chat.example.org:8443", null, "other.example", "chat.example.org", "https://chat.example.org:8443"],
  ["http://localhost:3000", null, undefined, "localhost", "http://localhost:3000"],
  [null, null, "localhost:3000", "localhost", "http://localhost:3000"],
  [null, null, "chat.localhost", "chat.localhost", "http://chat.localhost"],
  [null, TLS, "Chat.example.org:8443", "chat.example.org", "https://chat.example.org:8443"],
])("[SIGN-11] with PUBLIC_URL %s, certificate %j and host %s passkeys are of %s", (...row) => {
  const [publicUrl, tls, host, id, origin] = row;
  expect(relyingPartyOf({ publicUrl, tls }, host)).toEqual({ id, origin });
});

test.each([
  ["http://chat.example.org", null, "localhost"],
  ["https://192.0.2.7", null, "chat.example.org"],
  ["https://[2001:db8::7]:8443", null, "chat.example.org"],
  [null, null, undefined],
  [null, TLS, ""],
  [null, null, "127.0.0.1:3000"],
  [null, TLS, "0x7f.1"],
  [null, null, "[::1]:3000"],
  [null, null, "chat.example.org"],
  [null, null, "notlocalhost"],
  [null, TLS, "not a host"],
])(
  "[SIGN-11] with PUBLIC_URL %s, certificate %j and host %s there are none, and it says what they need",
  (publicUrl, tls, host) => {
    const refused = relyingPartyOf({ publicUrl, tls }, host);
    if (!isRefusal(refused)) throw new Error(JSON.stringify(refused));
    expect(refused.refused).toBe("passkeys_unavailable");
    expect(refused.detail).toContain("PUBLIC_URL");
  },
);
