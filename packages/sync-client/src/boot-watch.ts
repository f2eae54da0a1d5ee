/** Asks the server again for settings and account whenever those that are known are in doubt, and tells of what differs. */
import type { Boot } from "./device.ts";
import type { Environment, Timer } from "./environment.ts";
import { isFailure, type Result } from "./failure.ts";
import type { Transport } from "./transport/transport.ts";

/** So long after the next question of the sync, which fails where the server is not there yet. */
const RETURN_MS = 1000;

export interface BootWatchOptions {
  readonly boot: Boot;
  readonly transport: Pick<Transport, "config" | "me">;
  readonly environment: Pick<Environment, "setTimer" | "clearTimer">;
  /** Where nobody wants to know, nothing is asked. */
  readonly onChanged: ((boot: Boot) => void) | undefined;
}

/** Settings and account, or why one of them can't be had. */
export async function askBoot(transport: Pick<Transport, "config" | "me">): Promise<Result<Boot>> {
  const [config, me] = await Promise.all([transport.config(), transport.me()]);
  if (isFailure(config)) return config;
  return isFailure(me) ? me : { config, me };
}

export class BootWatch {
  readonly #options: BootWatchOptions;
  #known: string;
  #isAsking = false;
  #isDoubtedAgain = false;
  #isUnanswered = false;
  #isStopped = false;
  #timer: Timer = null;

  constructor(options: BootWatchOptions) {
    this.#options = options;
    this.#known = JSON.stringify(options.boot);
  }

  /** Asks; what is doubted while an answer is on its way is asked once more, since that answer may be of before. */
  async doubt(): Promise<void> {
    const { transport, onChanged } = this.#options;
    this.#isDoubtedAgain = this.#isAsking;
    if (this.#isAsking || this.#isStopped || !onChanged) return;
    this.#isAsking = true;
    const boot = await askBoot(transport);
    this.#isAsking = false;
    if (this.#isStopped) return;
    this.#isUnanswered = isFailure(boot);
    if (!isFailure(boot) && JSON.stringify(boot) !== this.#known) {
      this.#known = JSON.stringify(boot);
      onChanged(boot);
    }
    if (this.#isDoubtedAgain) await this.doubt();
  }

  /** The server has answered something else: what it could not be asked before can be now. */
  reached(): void {
    if (this.#isUnanswered) void this.doubt();
  }

  /** Asks once the server, which is about to stop, can be there again; where it takes longer, its return is noticed. */
  doubtIn(delayMs: number): void {
    const { environment, onChanged } = this.#options;
    environment.clearTimer(this.#timer);
    if (this.#isStopped || !onChanged) return;
    this.#timer = environment.setTimer(() => void this.doubt(), delayMs + RETURN_MS);
  }

  /** Asks and tells nothing any more. */
  stop(): void {
    this.#options.environment.clearTimer(this.#timer);
    this.#isStopped = true;
  }
}
