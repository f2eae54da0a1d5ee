/** Sweeps now and then: the trash, old tombstones and old journals, at a jittered interval so that processes don't meet. */
import type { Engine } from "@instep/sync-server";

export interface Sweeping {
  readonly engine: Pick<Engine, "sweep">;
  readonly intervalMs: number;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
}

/** Starts sweeping; the function it returns stops it. The timer keeps no process alive. */
export function startSweeping({ engine, intervalMs, random, onError }: Sweeping): () => void {
  let isStopped = false;
  let timer = schedule();

  function schedule(): NodeJS.Timeout {
    const delayMs = intervalMs * (0.75 + random() / 2);
    return setTimeout(() => void sweep(), delayMs).unref();
  }

  async function sweep(): Promise<void> {
    await engine.sweep().catch(onError);
    if (!isStopped) timer = schedule();
  }

  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
