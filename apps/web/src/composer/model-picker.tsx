/** Which model answers; nothing to choose where there is only one. As wide as the chosen name, where the field would be as the longest. */
import type { Config } from "@instep/protocol";
import ChevronDown from "lucide-react/icons/chevron-down";
import { t } from "../words/words.ts";

export interface ModelPickerProps {
  readonly models: Config["models"];
  readonly chosenId: string;
  readonly onChoose: (id: string) => void;
}

export function ModelPicker({ models, chosenId, onChoose }: ModelPickerProps) {
  const chosen = models.find(({ id }) => id === chosenId);
  if (models.length < 2) return <span class="model-name">{chosen?.name ?? models[0]?.name ?? ""}</span>;
  return (
    <label class="model-picker">
      <span aria-hidden="true">{chosen?.name ?? chosenId}</span>
      <select aria-label={t("Model")} value={chosenId} onChange={(event) => onChoose(event.currentTarget.value)}>
        {!chosen && <option value={chosenId}>{chosenId}</option>}
        {models.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <ChevronDown size={14} aria-hidden="true" />
    </label>
  );
}
