/** The sync call's handler on a response in a test's hands. */
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, it, vi } from "vitest";
import type { AppContext } from "../app-context.ts";
import { createSyncHandler } from "./answer-sync.ts";

const nothing = () => undefined;
const ANSWERED = { kind: "answer", json: "{}", etag: null, retryAfterS: null } as const;

/** Asks with a wait, which the engine answers when it will. */
function ask(sync: () => Promise<unknown>, watch: (headers: object, onSignedOut: () => undefined) => () => undefined) {
  const lifecycle = { isStopping: false };
  const context = {
    engine: { idleAnswer: () => null, sync },
    accounts: { identify: () => "ann", deviceOf: () => null, watch },
    settings: { live: true, maxWaitS: 25 },
    limits: { refuseCall: () => null },
    metrics: { countSync: nothing },
    log: { error: nothing },
    lifecycle,
  } as unknown as AppContext;
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { url: "/api/conversations/sync?wait=20", httpVersionMajor: 1, httpVersionMinor: 1 });
  const response = new ServerResponse(request);
  createSyncHandler(context)(request, response);
  return { response, lifecycle };
}

it("[SIGN-3] an answer that is still on its way to a slow reader is left alone where its session ends", async () => {
  let signOut = nothing;
  const { response } = ask(
    async () => ANSWERED,
    (_headers, onSignedOut) => {
      signOut = onSignedOut;
      return nothing;
    },
  );
  await vi.waitFor(() => expect(response.writableEnded).toBe(true), { timeout: 15_000 });
  // Whoever ends sessions goes on to the next one.
  expect(signOut).not.toThrow();
  expect([response.statusCode, response.destroyed]).toEqual([200, false]);
});

it.each([
  ["news", ANSWERED],
  ["a 304", { kind: "not-modified", etag: '"tag"' }],
  ["a refusal", { refused: "unavailable" }],
])("[WAIT-2] a held question that gets %s while the server stops is the last of its connection", async (_, answer) => {
  const held = Promise.withResolvers<void>();
  const { response, lifecycle } = ask(
    () => held.promise.then((): unknown => answer),
    () => nothing,
  );
  expect(response.shouldKeepAlive).toBe(true);
  lifecycle.isStopping = true;
  held.resolve();
  await vi.waitFor(() => expect(response.writableEnded).toBe(true), { timeout: 15_000 });
  expect(response.shouldKeepAlive).toBe(false);
});
