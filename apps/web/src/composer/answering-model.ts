/** Which model will answer, as far as the page can tell [TURN-10]. */
import type { Config } from "@instep/protocol";

/** The one that was chosen, where it is still offered; else the default. */
export function answeringModel(
  { models, default_model }: Pick<Config, "models" | "default_model">,
  chosen: string,
): string {
  return models.some(({ id }) => id === chosen) ? chosen : default_model;
}
