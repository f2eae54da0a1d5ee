/** While nobody sees a tab, it has no connection to a reply: it asks from time to time whether the reply has ended [DEV-13]. */
import { backoffDelayMs } from "../backoff-delay.ts";
import { isFailure, isPassing } from "../failure.ts";
import type { Transport } from "../transport/transport.ts";
import type { OneWait } from "./one-wait.ts";
import type { ReplyLog } from "./reply-log.ts";

export interface HiddenWatchPorts {
  readonly transport: Pick<Transport, "open">;
  readonly log: ReplyLog;
  readonly wait: OneWait;
  readonly onAnswer: (hasEnded: boolean) => void;
}

const FIRST_CHECK_MS = 2000;
const MAX_CHECK_MS = 15_000;

export class HiddenWatch {
  readonly #ports: HiddenWatchPorts;
  #checkMs = FIRST_CHECK_MS;
  /** How long the last answer asks to wait; null where it doesn't say. */
  #retryAfterMs: number | null = null;

  constructor(ports: HiddenWatchPorts) {
    this.#ports = ports;
  }

  begin(): void {
    this.#checkMs = FIRST_CHECK_MS;
    this.checkLater();
  }

  /** Asks again, each time after a longer while, and no sooner than the server wants it [LIMIT-1]. */
  checkLater(): void {
    const patienceMs = backoffDelayMs({ before: 0, random: 0, retryAfterMs: this.#retryAfterMs });
    this.#ports.wait.arm(Math.max(this.#checkMs, patienceMs), () => void this.#check());
    this.#checkMs = Math.min(MAX_CHECK_MS, this.#checkMs * 1.5);
  }

  /** A conversation that the server refuses has no reply to wait for. */
  async hasEnded(): Promise<boolean> {
    const { transport, log } = this.#ports;
    const detail = await transport.open(log.conversationId, 1);
    this.#retryAfterMs = isFailure(detail) ? detail.retryAfterMs : null;
    return isFailure(detail) ? !isPassing(detail) : detail.active_reply?.reply_id !== log.replyId;
  }

  async #check(): Promise<void> {
    this.#ports.wait.clear();
    this.#ports.onAnswer(await this.hasEnded());
  }
}
