/** Searches one after the other in a thread that begins with the first of them; few wait, and none for long. */
import type { Worker } from "node:worker_threads";
import type { Dated, SearchAnswer } from "@instep/protocol";
import { refuse, type Outcome } from "../../refusal.ts";
import type { SearchQuestion } from "../../search.ts";
import { errorOf } from "./command.ts";
import type { Searching } from "./searching.ts";
import { exitOf, startThread } from "./start-thread.ts";
import type { FromSearcher, ThreadOptions, ToSearcher } from "./thread-messages.ts";

/** So many wait at once; whoever comes after them is told to try again. */
const MAX_WAITING = 32;
/** How long a search may take with its wait, in milliseconds. */
const DEADLINE_MS = 10_000;
/** A page of the longest texts needs a quarter of it. */
const LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 8 };

const BUSY = refuse("unavailable", "The server is busy with other searches. Try again in a moment.");
const TOO_LONG = refuse("unavailable", "The search took too long. Try again, or with other words.");

interface Job {
  readonly question: SearchQuestion;
  readonly settle: (answer: FromSearcher | Outcome<Dated<SearchAnswer>>) => void;
}

/** Starts no thread yet: it takes some 16 MB, and not everybody searches. */
export function searchInThread(options: ThreadOptions): Searching {
  return new ThreadedSearching(options);
}

class ThreadedSearching implements Searching {
  readonly #options: ThreadOptions;
  readonly #waiting: Job[] = [];
  #running: Job | null = null;
  #worker: Worker | null = null;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  search(question: SearchQuestion): Promise<Outcome<Dated<SearchAnswer>>> {
    if (this.#waiting.length >= MAX_WAITING) return Promise.resolve(BUSY);
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => this.#giveUp(job), DEADLINE_MS);
      const job: Job = {
        question,
        settle(answer) {
          clearTimeout(deadline);
          if (!("kind" in answer)) resolve(answer);
          else if (answer.kind === "found") resolve(answer.outcome);
          else reject(errorOf(answer.failure));
        },
      };
      this.#waiting.push(job);
      this.#next();
    });
  }

  async close(): Promise<void> {
    for (const job of this.#waiting.splice(0)) job.settle(BUSY);
    const worker = this.#worker;
    if (!worker) return;
    worker.postMessage({ kind: "close" } satisfies ToSearcher);
    await exitOf(worker);
  }

  /** What runs can't be broken off: it goes on to its end, and what it finds is for nobody. */
  #giveUp(job: Job): void {
    const place = this.#waiting.indexOf(job);
    if (place >= 0) this.#waiting.splice(place, 1);
    job.settle(TOO_LONG);
  }

  #next(): void {
    if (this.#running) return;
    const job = this.#waiting.shift();
    if (!job) return;
    this.#running = job;
    this.#worker ??= this.#start();
    this.#worker.postMessage({ kind: "search", question: job.question } satisfies ToSearcher);
  }

  #end(answer: FromSearcher | Outcome<Dated<SearchAnswer>>): void {
    const job = this.#running;
    this.#running = null;
    job?.settle(answer);
    this.#next();
  }

  /** A thread that dies, of too little memory perhaps, takes one search with it; the next one has a new thread. */
  #start(): Worker {
    const worker = startThread("search-thread", this.#options, LIMITS);
    worker.on("message", (answer: FromSearcher) => this.#end(answer));
    worker.on("error", () => undefined);
    worker.on("exit", () => {
      this.#worker = null;
      this.#end(TOO_LONG);
    });
    return worker;
  }
}
