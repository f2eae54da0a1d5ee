/** The sync call's handler on a response in a test's hands. */
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, it, vi } from "vitest";
import type { AppContext } from "../app-context.ts";
import { createSyncHandler } from "./answer-sync.ts";

const nothing = () => undefined;

it("[SIGN-3] an answer that is still on its way to a slow reader is left alone where its session ends", async () => {
  const answered = { kind: "answer", json: "{}", etag: null, retryAfterS: null } as const;
  let signOut = nothing;
  const context = {
    engine: { idleAnswer: () => null, sync: () => Promise.resolve(answered) },
    accounts: {
      identify: () => "ann",
      deviceOf: () => null,
      watch: (_headers: object, onSignedOut: () => undefined) => {
        signOut = onSignedOut;
        return nothing;
      },
    },
    settings: { live: true, maxWaitS: 25 },
    limits: { refuseCall: () => null },
    metrics: { countSync: nothing },
    lifecycle: { isStopping: false },
  } as unknown as AppContext;
  const request = new IncomingMessage(new Socket());
  request.url = "/api/conversations/sync?wait=20";
  const response = new ServerResponse(request);
  createSyncHandler(context)(request, response);
  await vi.waitFor(() => expect(response.writableEnded).toBe(true));
  // Whoever ends sessions goes on to the next one.
  expect(signOut).not.toThrow();
  expect([response.statusCode, response.destroyed]).toEqual([200, false]);
});
