/** The way back to the end, for a reader who has left it. */
import ArrowDown from "lucide-react/icons/arrow-down";
import { useRef } from "preact/hooks";
import { useFocusHeir } from "../design/use-focus-heir.ts";

export function JumpToLatest({ onJump }: { readonly onJump: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useFocusHeir(button, () => document.querySelector<HTMLElement>("#messages"));
  return (
    <button type="button" class="jump-to-latest" onClick={onJump} aria-label="Jump to latest" ref={button}>
      <ArrowDown size={18} aria-hidden="true" />
    </button>
  );
}
