/** What every part of the engine is given: the database, the environment, and the settings. */
import type { Environment } from "./environment.ts";
import type { Storage } from "./storage/storage.ts";

export interface EngineOptions {
  /** The model of a conversation that names none. */
  readonly defaultModel: string;
  /** What a turn may be answered by where its conversation names a model; everything where it is left out. */
  readonly offeredModels?: readonly string[];
  /** The longest hold, in seconds [WAIT-1]. */
  readonly maxWaitS: number;
  readonly maxHeldPerAccount: number;
  readonly maxHeld: number;
  readonly maxRepliesPerAccount: number;
  /** How long the trash keeps a conversation. */
  readonly trashDays: number;
  /** How long a deletion is told [SYNC-5]. */
  readonly tombstoneDays: number;
}

export interface EngineCore {
  readonly storage: Storage;
  readonly environment: Environment;
  readonly options: EngineOptions;
}

const MICROS_PER_DAY = 86_400_000_000;

/** Days as whole microseconds. */
export function microsOfDays(days: number): number {
  return Math.round(days * MICROS_PER_DAY);
}
