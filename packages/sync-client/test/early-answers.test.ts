/** A server that answers at once although it was asked to hold: the device never asks it in a tight loop [WAIT-2]. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { SyncManager } from "../src/sync-manager.ts";
import type { SyncManagerOptions } from "../src/sync-options.ts";
import { full, increment, row, ScriptedServer } from "./scripted-server.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";

/** A question waits no longer than that before the server sees it. */
const STEP_MS = 50;

/** How many questions a device with these settings asks within a minute, where each is answered after `latencyMs` with nothing new. */
async function askedInAMinute(
  settings: NonNullable<SyncManagerOptions["settings"]>,
  latencyMs: number,
): Promise<number> {
  const server = new ScriptedServer();
  const environment = new VirtualEnvironment();
  const manager = new SyncManager({ transport: server, environment, settings });
  manager.start();
  await server.last.answer(full(100, [row("a", 1)]));
  const start = environment.now();
  let answered = 1;
  while (environment.now() - start < 60_000 && answered < 100) {
    await environment.advance(latencyMs);
    if (server.asked.length > answered) {
      await server.last.answer(increment(100));
      answered += 1;
    } else await environment.advance(STEP_MS);
  }
  manager.stop();
  return server.asked.length;
}

it("[WAIT-2] whatever the settings, an empty answer that comes at once is never followed by a question at once", async () => {
  const settings = fc.record({
    live: fc.boolean(),
    maxWaitS: fc.integer({ min: 0, max: 60 }),
    pollIntervalMs: fc.integer({ min: 5000, max: 120_000 }),
  });
  await fc.assert(
    fc.asyncProperty(settings, fc.integer({ min: 0, max: 400 }), async (given, latencyMs) => {
      // The full one, one that may be held, and then one an interval.
      expect(await askedInAMinute(given, latencyMs)).toBeLessThanOrEqual(3 + 60_000 / given.pollIntervalMs);
    }),
    {
      numRuns: 100,
      examples: [
        [{ live: true, maxWaitS: 0, pollIntervalMs: 60_000 }, 10],
        [{ live: true, maxWaitS: 1, pollIntervalMs: 60_000 }, 10],
      ],
    },
  );
});
