/** The models that are offered: a reply says the name of its own, as the message box does. */
import type { Config } from "@instep/protocol";
import { createContext } from "preact";
import { useContext } from "preact/hooks";

export const ModelsContext = createContext<Config["models"]>([]);

/** The name of a model; one that is not offered any more has only its id. */
export function useModelName(modelId: string): string {
  const models = useContext(ModelsContext);
  return models.find(({ id }) => id === modelId)?.name ?? modelId;
}
