/** Makes epochs: short random ids, each of which only has to differ from the one before [EPOCH-1]. */
import { systemEnvironment, type EngineEnvironment } from "./environment.ts";

const EPOCH_LENGTH = 8;

export function epochFrom(environment: EngineEnvironment): string {
  return environment.uuid().slice(0, EPOCH_LENGTH);
}

/** For a database by itself, which has no engine's environment. */
export function randomEpoch(): string {
  return epochFrom(systemEnvironment);
}
