/** What every part of the engine is given: the database, the environment, and the settings. */
import type { Micros } from "@instep/protocol";
import type { EngineEnvironment } from "./environment.ts";
import type { EndedReply } from "./replies/ended-reply.ts";
import type { Storage } from "./storage/storage.ts";

/** What bounds an engine; what is left out of its options is as in `ENGINE_DEFAULTS`. */
export interface EngineLimits {
  /** The longest hold, in seconds [WAIT-1]. */
  readonly maxWaitS: number;
  /** How many requests of an account are held at once; further ones are answered at once [WAIT-2]. */
  readonly maxHeldPerAccount: number;
  /** The same for all accounts together. */
  readonly maxHeld: number;
  /** How many replies of an account run at once; a further turn is refused with `too_many_replies`. */
  readonly maxRepliesPerAccount: number;
  /** How long the trash keeps a conversation. */
  readonly trashDays: number;
  /** How long a deletion is told [SYNC-5]. */
  readonly tombstoneDays: number;
}

/** The limits of an engine that is given no others. */
export const ENGINE_DEFAULTS: EngineLimits = {
  maxWaitS: 25,
  maxHeldPerAccount: 32,
  maxHeld: 10_000,
  maxRepliesPerAccount: 4,
  trashDays: 30,
  tombstoneDays: 90,
};

/** The settings of an engine. */
export interface EngineOptions extends Partial<EngineLimits> {
  /** The model of a conversation that names none; a function where it may become another one while the engine runs [TURN-10]. */
  readonly defaultModel: string | (() => string);
  /** What a turn may be answered by where its conversation names a model; everything where it is left out, or null. */
  readonly offeredModels?: readonly string[] | (() => readonly string[] | null);
  /** Told once of each reply that this process ends, once that is durable; what was ended elsewhere is told there, if at all. Must not throw. */
  readonly onReplyEnded?: (ended: EndedReply) => void;
}

/** What an engine is made of. */
export interface EngineParts {
  readonly storage: Storage;
  readonly environment: EngineEnvironment;
  readonly options: EngineOptions;
}

/** The same with every limit. */
export interface EngineCore extends EngineParts {
  readonly options: EngineOptions & EngineLimits;
}

/** The default model as it is now. */
export function defaultModelOf({ defaultModel }: EngineOptions): string {
  return typeof defaultModel === "string" ? defaultModel : defaultModel();
}

/** The ids of what is offered now; null where everything is. */
export function offeredModelsOf({ offeredModels }: EngineOptions): readonly string[] | null {
  return typeof offeredModels === "function" ? offeredModels() : (offeredModels ?? null);
}

/** What was deleted before this may have been forgotten: tombstones are kept for so long [SYNC-5]. */
export function tombstoneHorizon({ tombstoneDays }: EngineLimits, now: Micros): Micros {
  return (now - microsOfDays(tombstoneDays)) as Micros;
}

const MICROS_PER_DAY = 86_400_000_000;

/** Days as whole microseconds. */
export function microsOfDays(days: number): number {
  return Math.round(days * MICROS_PER_DAY);
}
