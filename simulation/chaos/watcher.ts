/** A device that only listens: it follows the list by increments, polling or held, and never takes more than it is given. */
import type { SyncResponse, SyncRow } from "@instep/protocol";
import { since } from "../../apps/server/test/client.ts";
import type { Random } from "../random.ts";
import { ChaosDevice } from "./device.ts";
import { faultUnless } from "./fault.ts";
import type { Ledger } from "./ledger.ts";
import type { KilledProgram } from "./program.ts";

export interface WatcherParts {
  readonly program: KilledProgram;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Polls so often, or asks the server to hold. */
  readonly isLive: boolean;
}

const POLL_MS = 300;

/** Every row of a fresh snapshot, by id. */
export async function allRows(device: ChaosDevice): Promise<SyncRow[]> {
  const rows: SyncRow[] = [];
  for (let page = ""; ;) {
    const { body } = await device.ask<SyncResponse>(`/api/conversations/sync${page}`, [200]);
    rows.push(...body.conversations);
    if (body.next_page === null) return rows.sort(byId);
    page = `?page=${encodeURIComponent(body.next_page)}`;
  }
}

export class Watcher {
  readonly #rows = new Map<string, SyncRow>();
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #device: ChaosDevice;
  readonly #isLive: boolean;
  #last: SyncResponse | null = null;
  #isStopped = false;

  constructor({ program, ledger, random, isLive }: WatcherParts) {
    this.#ledger = ledger;
    this.#random = random;
    this.#device = new ChaosDevice(program, ledger);
    this.#isLive = isLive;
  }

  async run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#step(this.#isLive ? 1 + this.#random.below(4) : 0);
      } catch (error) {
        this.#ledger.fail(error);
      }
      if (!this.#isLive) await new Promise((done) => setTimeout(done, this.#random.below(2 * POLL_MS)));
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Catches up, and must have what a fresh snapshot has [SYNC-10]. */
  async expectRows(fresh: readonly SyncRow[]): Promise<void> {
    while (await this.#step(0));
    const have = JSON.stringify([...this.#rows.values()].sort(byId));
    const describe = () => `a device has ${this.#rows.size} rows that are not the ${fresh.length} of a fresh snapshot`;
    faultUnless(have === JSON.stringify(fresh), "SYNC-10", describe);
  }

  /** Asks once, and applies what is answered; true where there is more. */
  async #step(waitS: number): Promise<boolean> {
    const asked = this.#ledger.clock;
    const query =
      this.#last === null ? "" : `?${since(this.#last)}&limit=${200 + this.#random.below(800)}&wait=${waitS}`;
    const { body } = await this.#device.ask<SyncResponse>(`/api/conversations/sync${query}`, [200]);
    this.#ledger.figures.count("sync answers");
    this.#ledger.tellClock(asked, body.server_time);
    this.#apply(body);
    return body.has_more;
  }

  #apply(answer: SyncResponse): void {
    const last = this.#last;
    faultUnless(
      last === null || last.epoch === answer.epoch,
      "EPOCH-1",
      () => `the epoch is ${answer.epoch} after ${last?.epoch}`,
    );
    faultUnless(last === null || !answer.is_full_sync, "SYNC-2", () => "an increment was answered with a full sync");
    faultUnless(
      last === null || answer.server_time >= last.server_time,
      "CLOCK-3",
      () => `server_time went back from ${last?.server_time} to ${answer.server_time}`,
    );
    for (const row of answer.conversations) this.#rows.set(row.id, row);
    for (const id of answer.deleted_ids) this.#rows.delete(id);
    this.#last = answer;
  }
}

function byId(one: SyncRow, other: SyncRow): number {
  return one.id < other.id ? -1 : 1;
}
