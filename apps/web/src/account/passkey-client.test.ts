import { afterEach, expect, test, vi } from "vitest";
import { ceremonyFailure, createPasskeyClient } from "./passkey-client.ts";

afterEach(() => void vi.unstubAllGlobals());

function serve(answers: Readonly<Record<string, object>>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return Response.json(answers[url] ?? {}, { status: url in answers ? 200 : 404 });
  });
  return asked;
}

test.each([
  ["NotAllowedError", "aborted"],
  ["AbortError", "aborted"],
  ["InvalidStateError", "passkey_refused"],
  ["SecurityError", "passkeys_unavailable"],
  ["UnknownError", "passkey_refused"],
  ["", "passkey_refused"],
])("[SIGN-11] what a browser ends with as %s is told as %s, by nobody but itself", (name, code) => {
  expect(ceremonyFailure(name)).toMatchObject({ failed: code, status: 0 });
});

test.each([
  [true, { auth: { passkeys: true } }, true, 1],
  [true, { auth: {} }, false, 1],
  [false, { auth: { passkeys: true } }, false, 0],
])("[SIGN-11] with a browser that knows them: %s, and a server of %j, they are offered: %s", async (...row) => {
  const [isKnown, config, isAvailable, calls] = row;
  vi.stubGlobal("PublicKeyCredential", isKnown ? () => undefined : undefined);
  const asked = serve({ "/api/config": config });
  expect(await createPasskeyClient().isAvailable()).toBe(isAvailable);
  expect(asked.length).toBe(calls);
});

test("[SIGN-11] of two that are asked only the later one reaches the browser, and a stop takes both back", async () => {
  const options = { challenge: "AAAA", rpId: "chat.example", timeout: 1, userVerification: "required" };
  serve({ "/api/auth/sign-in/passkey/begin": { options } });
  vi.stubGlobal(
    "PublicKeyCredential",
    Object.assign(() => undefined, { isConditionalMediationAvailable: async () => true }),
  );
  const mediations: unknown[] = [];
  vi.stubGlobal("navigator", {
    credentials: {
      get: async ({ mediation }: { mediation?: string }) => {
        mediations.push(mediation);
        throw new DOMException("", "NotAllowedError");
      },
    },
  });
  const client = createPasskeyClient();
  const outcomes = await Promise.all([client.suggest(), client.signIn()]);
  expect(outcomes).toMatchObject([{ failed: "aborted" }, { failed: "aborted" }]);
  expect(mediations).toEqual([undefined]);
  const asked = client.signIn();
  client.stop();
  expect(await asked).toMatchObject({ failed: "aborted" });
  expect(mediations.length).toBe(1);
  await client.suggest();
  expect(mediations).toEqual([undefined, "conditional"]);
});
