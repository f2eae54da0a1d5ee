/** Models that a request may name: those of `MODELS`, and no other. */
import type { Refusal } from "@instep/sync-server";
import type { ModelCatalogue } from "../generation/models.ts";

/** The 422 of a model that the server doesn't offer; null where it does, or where none is named. */
export function refuseUnknownModel(catalogue: ModelCatalogue, model: string | undefined): Refusal | null {
  if (model === undefined || catalogue.find(model) !== null) return null;
  const offered = catalogue.models.map(({ id }) => id).join(", ");
  return { refused: "unknown_model", detail: `"${model}" is not offered by this server; choose one of ${offered}.` };
}
