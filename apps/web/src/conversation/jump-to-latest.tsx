/** The way back to the end, for a reader who has left it. */
import ArrowDown from "lucide-react/icons/arrow-down";
import { useRef } from "preact/hooks";
import { deliberate } from "../design/deliberate.ts";
import { useFocusHeir } from "../design/use-focus-heir.ts";
import { badgeText } from "../sync/device.ts";
import { t } from "../words/words.ts";

export interface JumpToLatestProps {
  /** What is new below. */
  readonly newCount: number;
  readonly onJump: () => void;
}

export function JumpToLatest({ newCount, onJump }: JumpToLatestProps) {
  const button = useRef<HTMLButtonElement>(null);
  useFocusHeir(button, () => document.querySelector<HTMLElement>("#messages"));
  return (
    <button
      type="button"
      class="jump-to-latest"
      onClick={deliberate(onJump)}
      aria-label={newCount > 0 ? t("Jump to latest, {count} new", { count: newCount }) : t("Jump to latest")}
      ref={button}
    >
      <ArrowDown size={18} aria-hidden="true" />
      {newCount > 0 && <span aria-hidden="true">{badgeText(newCount)}</span>}
    </button>
  );
}
