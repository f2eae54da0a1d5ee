import type { Engine } from "@instep/sync-server";
import { createServer } from "node:http";
import { expect, it } from "vitest";
import type { App } from "./app-context.ts";
import { stopProgram } from "./stop-program.ts";

const GRACE_MS = 200;
const LOOK_TAKES_MS = 30;

function busyFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it("the grace of a stop is a time: a busy machine looks less often, and waits no longer for its replies", async () => {
  let looks = 0;
  const engine = {
    beginStop: () => undefined,
    close: async () => undefined,
    statistics: () => {
      looks += 1;
      busyFor(LOOK_TAKES_MS);
      return { runningReplies: 1 };
    },
  } as unknown as Engine;
  const app = { server: createServer(), close: async () => undefined } as unknown as App;
  const lifecycle = { isStopping: false };
  await stopProgram({ app, engine, lifecycle, graceMs: GRACE_MS, stopSweeping: () => undefined });
  expect(looks).toBeGreaterThan(0);
  expect(looks).toBeLessThanOrEqual(Math.ceil(GRACE_MS / LOOK_TAKES_MS));
});
