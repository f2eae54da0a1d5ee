/** The way out: held polls answered, replies finished or handed to the journal, nothing left open (SPEC section 8). */
import type { Engine } from "@instep/sync-server";
import { setTimeout as sleep } from "node:timers/promises";
import type { App, Lifecycle } from "./app-context.ts";

export interface RunningProgram {
  readonly app: App;
  readonly engine: Engine;
  readonly lifecycle: Lifecycle;
  /** How long replies that are being written may still take, in milliseconds. */
  readonly graceMs: number;
  /** Ends what runs on a timer. */
  readonly stopSweeping: () => void;
}

const LOOK_AGAIN_MS = 20;
/** What answers that are on their way may take to leave, once nothing new begins. */
const LAST_ANSWERS_MS = 200;

/** Stops the program in order; resolves when nothing of it is left. */
export async function stopProgram(program: RunningProgram): Promise<void> {
  const { app, engine, lifecycle, graceMs } = program;
  lifecycle.isStopping = true;
  program.stopSweeping();
  engine.beginStop();
  const { server } = app;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await repliesEnded(engine, graceMs);
  // What is still being written is closed by the engine: its text is in the journal, and its readers come back for it.
  await engine.close();
  await Promise.race([closed, sleep(LAST_ANSWERS_MS)]);
  server.closeAllConnections();
  await app.close();
}

async function repliesEnded(engine: Engine, graceMs: number): Promise<void> {
  const grace = AbortSignal.timeout(graceMs);
  while (!grace.aborted && engine.statistics().runningReplies > 0) await sleep(LOOK_AGAIN_MS);
}
