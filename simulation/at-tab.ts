/** The tab that a person sits at, and the step that has them do something there. */
import type { Tab } from "./tab.ts";
import type { World } from "./world.ts";

export interface AtTab {
  readonly world: World;
  readonly tab: Tab;
  /** The step's number. */
  readonly index: number;
}
