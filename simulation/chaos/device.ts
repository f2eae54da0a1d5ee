/** A client that does not give in: what it asks is asked again, in the next life of the program, until it is answered. */
import { createClient, type Answer, type CallOptions, type Client } from "../../apps/server/test/client.ts";
import { isCut, faultUnless } from "./fault.ts";
import type { Ledger } from "./ledger.ts";
import type { Life, KilledProgram } from "./program.ts";

export interface SendAttempt {
  readonly client: Client;
  readonly life: Life;
}

export class ChaosDevice {
  readonly #program: KilledProgram;
  readonly #ledger: Ledger;

  constructor(program: KilledProgram, ledger: Ledger) {
    this.#program = program;
    this.#ledger = ledger;
  }

  /** Runs a call until its connection lasts for as long as it takes. */
  async insist<T>(call: (attempt: SendAttempt) => Promise<T>): Promise<T> {
    for (;;) {
      const life = await this.#program.current();
      try {
        return await call({ client: createClient(life.url), life });
      } catch (error) {
        if (!isCut(error)) throw error;
        this.#ledger.figures.count("connections cut");
        await this.#program.hasDied(life);
      }
    }
  }

  /** The same for a call that must be answered with one of these statuses. */
  async ask<T>(path: string, statuses: readonly number[], options: CallOptions = {}): Promise<Answer<T>> {
    return this.insist(async ({ client }) => {
      const answer = await client.call<T>(path, options);
      faultUnless(
        statuses.includes(answer.status),
        "HTTP",
        () => `${options.method ?? ""} ${path} was answered ${answer.status}: ${answer.text.slice(0, 300)}`,
      );
      return answer;
    });
  }
}
