/** The models that this server offers, as they are known now. */
import type { Model, ModelError } from "./model.ts";

export interface ModelCatalogue {
  /** What is offered now, the default first; none while the endpoint has not said what it has. */
  readonly models: readonly Model[];
  /** Null where nothing is offered. */
  readonly defaultModel: Model | null;
  /** Why the endpoint could not be asked, in a sentence that a person can act on; null where all is well [MODEL-4]. */
  readonly problem: ModelError | null;
  find(id: string): Model | null;
  /** Somebody wants to know: has the endpoint asked where what is known is old, and waits a moment where nothing is. Never rejects. */
  refresh(): Promise<void>;
  /** Asks no more. */
  stop(): void;
}
