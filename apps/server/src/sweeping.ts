/** Sweeps now and then: the trash, old tombstones, old journals and what is left of accounts, at a jittered interval so that processes don't meet. */
import type { Engine } from "@instep/sync-server";

export interface Sweeping {
  readonly engine: Pick<Engine, "sweep">;
  /** Never rejects. */
  readonly finishLeaving: () => Promise<void>;
  readonly intervalMs: number;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
}

/** Starts sweeping; the function it returns stops it. The timer keeps no process alive. */
export function startSweeping({ engine, finishLeaving, intervalMs, random, onError }: Sweeping): () => void {
  let isStopped = false;
  let timer = schedule();

  function schedule(): NodeJS.Timeout {
    const delayMs = intervalMs * (0.75 + random() / 2);
    return setTimeout(() => void sweep(), delayMs).unref();
  }

  async function sweep(): Promise<void> {
    await finishLeaving();
    await engine.sweep().catch(onError);
    if (!isStopped) timer = schedule();
  }

  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
