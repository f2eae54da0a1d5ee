/** A setting that is on or off. */
import { useIsFound } from "./setting-search.tsx";

interface SwitchProps {
  readonly label: string;
  readonly hint: string;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function Switch({ label, hint, isOn, isDisabled, onChange }: SwitchProps) {
  if (!useIsFound(label, hint)) return null;
  return (
    <label class="setting">
      <span class="setting-label">
        {label}
        <small>{hint}</small>
      </span>
      <input
        type="checkbox"
        role="switch"
        class="switch"
        checked={isOn}
        disabled={isDisabled ?? false}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
