/** A process that can freeze, thaw, die, and lose its database: its replies' storage and timers go through here. */
import type { Cancel, EngineEnvironment } from "../src/environment.ts";
import type { EngineCore } from "../src/engine-core.ts";
import { createReplies, type Replies } from "../src/replies/replies.ts";
import type { Awaitable } from "../src/storage/rows.ts";
import type { Commit, Storage } from "../src/storage/storage.ts";
import type { Snapshot } from "../src/storage/transaction.ts";
import type { WriteInput, WriteName, WriteResult } from "../src/writes.ts";

export class MortalProcess {
  readonly replies: Replies;
  /** The writes that reached the database, by name. */
  readonly written: WriteName[] = [];
  /** Writes for which this is true fail, as if the database were away. */
  failing: (name: WriteName) => boolean = () => false;
  /** Writes for which this is true are committed, and their answer is lost on the way. */
  losing: (name: WriteName) => boolean = () => false;
  #thawed: Promise<void> | null = null;
  #thaw: () => void = () => {};

  constructor(core: EngineCore) {
    this.replies = createReplies({
      storage: this.#storage(core.storage),
      environment: this.#environment(core.environment),
      options: core.options,
    });
  }

  /** From here on nothing of it happens: neither a timer nor a read or write. For good, unless it is thawed. */
  freeze(): void {
    this.#thawed ??= new Promise((resolve) => {
      this.#thaw = resolve;
    });
  }

  /** All that was held up happens now. */
  thaw(): void {
    this.#thaw();
    this.#thawed = null;
  }

  #environment(environment: EngineEnvironment): EngineEnvironment {
    return {
      now: () => environment.now(),
      uuid: () => environment.uuid(),
      random: () => environment.random(),
      after: (delayMs, run) => this.#after(environment, { delayMs, run }),
    };
  }

  #after(environment: EngineEnvironment, timer: { readonly delayMs: number; readonly run: () => void }): Cancel {
    let isCancelled = false;
    const fire = async () => {
      await this.#awake();
      if (!isCancelled) timer.run();
    };
    const cancel = environment.after(timer.delayMs, () => void fire());
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  #storage(storage: Storage): Storage {
    return {
      epoch: storage.epoch,
      failure: storage.failure,
      trouble: storage.trouble,
      read: async <T>(query: (snapshot: Snapshot) => Awaitable<T>): Promise<T> => {
        await this.#awake();
        return storage.read(query);
      },
      search: async (question) => {
        await this.#awake();
        return storage.search(question);
      },
      transact: async <N extends WriteName>(name: N, input: WriteInput<N>): Promise<WriteResult<N>> => {
        await this.#awake();
        if (this.failing(name)) throw new Error("The database is away");
        this.written.push(name);
        const result = await storage.transact(name, input);
        if (this.losing(name)) throw new Error("The answer was lost");
        return result;
      },
      // What other processes commit is not told to this one, as between real processes.
      onCommit: (_listener: (commit: Commit) => void) => () => {},
      close: () => Promise.resolve(),
    };
  }

  async #awake(): Promise<void> {
    while (this.#thawed) await this.#thawed;
  }
}
