/** One job after the other in a thread of its own, each in bounded time: one that takes longer ends with its thread [SAFE-2]. */
import type { TextOutcome, RunTextJob } from "./rich-text.ts";
import type { TextAnswer, TextJob, TextRequest } from "./text-job.ts";

/** A worker, as little of it as is needed. */
export interface Thread {
  readonly post: (request: TextRequest) => void;
  readonly end: () => void;
}

/** Begins a thread. @throws where there can be none. */
export type StartThread = (listeners: {
  readonly onAnswer: (answer: TextAnswer) => void;
  /** It could not be loaded, or something in it broke. */
  readonly onError: () => void;
}) => Thread;

export interface TextThreadOptions {
  readonly start: StartThread;
  readonly after: (ms: number, callback: () => void) => () => void;
}

/** For the library to come over a slow line. */
export const LOAD_MS = 30_000;
/** For one text. */
export const WORK_MS = 5_000;
/** Without work for so long, the thread's memory is given back. */
export const IDLE_MS = 60_000;

interface Waiting {
  readonly job: TextJob;
  readonly settle: (outcome: TextOutcome) => void;
}

/** What runs jobs; it settles always, and never throws. */
export function textThread(options: TextThreadOptions): RunTextJob {
  const thread = new TextThread(options);
  return (job) => thread.run(job);
}

class TextThread {
  readonly #options: TextThreadOptions;
  readonly #queue: Waiting[] = [];
  #current: (Waiting & { readonly id: number }) | null = null;
  #thread: Thread | null = null;
  #lastId = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(options: TextThreadOptions) {
    this.#options = options;
  }

  run(job: TextJob): Promise<TextOutcome> {
    return new Promise((settle) => {
      this.#queue.push({ job, settle });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current) return;
    const waiting = this.#queue.shift();
    if (!waiting) return this.#thread ? this.#setTimer(IDLE_MS, () => this.#endThread()) : undefined;
    const id = ++this.#lastId;
    this.#current = { ...waiting, id };
    this.#setTimer(LOAD_MS, () => this.#giveUp("unreachable"));
    try {
      this.#thread ??= this.#startThread();
      this.#thread.post({ id, job: waiting.job });
    } catch {
      // A browser without workers, or one that may not start any here.
      this.#giveUp("unreachable");
    }
  }

  #startThread(): Thread {
    return this.#options.start({
      onAnswer: (answer) => this.#onAnswer(answer),
      onError: () => this.#giveUp("unreachable"),
    });
  }

  #onAnswer(answer: TextAnswer): void {
    if (answer.id !== this.#current?.id) return;
    if (answer.state === "done") this.#settle({ kind: "done", result: answer.result });
    else if (answer.state === "unloaded") this.#giveUp("unreachable");
    else this.#setTimer(WORK_MS, () => this.#giveUp("too-long"));
  }

  #giveUp(kind: "too-long" | "unreachable"): void {
    this.#endThread();
    this.#settle({ kind });
  }

  #settle(outcome: TextOutcome): void {
    const current = this.#current;
    this.#current = null;
    this.#cancelTimer();
    current?.settle(outcome);
    this.#next();
  }

  #endThread(): void {
    this.#cancelTimer();
    this.#thread?.end();
    this.#thread = null;
  }

  #setTimer(ms: number, callback: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.after(ms, callback);
  }
}

/** The browser's own. */
export const startWorker: StartThread = ({ onAnswer, onError }) => {
  const worker = new Worker(new URL("text-worker.ts", import.meta.url), { type: "module" });
  let hasEnded = false;
  worker.addEventListener("message", ({ data }: MessageEvent<TextAnswer>) => {
    if (!hasEnded) onAnswer(data);
  });
  worker.addEventListener("error", () => {
    if (!hasEnded) onError();
  });
  return {
    post: (request) => worker.postMessage(request),
    end: () => {
      hasEnded = true;
      worker.terminate();
    },
  };
};
