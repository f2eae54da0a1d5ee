/** Goes through what once stood in a message's place [MSG-5]. */
import ChevronLeft from "lucide-react/icons/chevron-left";
import ChevronRight from "lucide-react/icons/chevron-right";
import { IconButton } from "../design/icon-button.tsx";
import { t } from "../words/words.ts";
import "./version-switcher.css";

export interface VersionSwitcherProps {
  /** From 1; the live version is the last one. */
  readonly number: number;
  readonly count: number;
  /** Goes so many versions on. */
  readonly onStep: (by: number) => void;
}

export function VersionSwitcher({ number, count, onStep }: VersionSwitcherProps) {
  return (
    <div class="version-switcher" role="group" aria-label={t("Versions")}>
      <IconButton
        label={t("Previous version")}
        icon={ChevronLeft}
        isDisabled={number <= 1}
        onClick={() => onStep(-1)}
      />
      <span>
        {number} / {count}
      </span>
      <IconButton
        label={t("Next version")}
        icon={ChevronRight}
        isDisabled={number >= count}
        onClick={() => onStep(1)}
      />
    </div>
  );
}

export interface VersionNoteProps {
  readonly onUse: () => void;
  readonly onLeave: () => void;
}

/** Says that what is shown is not what stands, over the message box. */
export function VersionNote({ onUse, onLeave }: VersionNoteProps) {
  return (
    <div class="version-note" role="status">
      <span>{t("This is an earlier version.")}</span>
      <button type="button" class="button" onClick={onUse}>
        {t("Use this version")}
      </button>
      <button type="button" class="button plain" onClick={onLeave}>
        {t("Back to the current one")}
      </button>
    </div>
  );
}
