/** The way to where the unread begins, for whoever has more of it than is loaded. */
import ArrowUp from "lucide-react/icons/arrow-up";
import { useRef } from "preact/hooks";
import { useFocusHeir } from "../design/use-focus-heir.ts";
import { t } from "../words/words.ts";

export function JumpToUnread({ onJump }: { readonly onJump: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useFocusHeir(button, () => document.querySelector<HTMLElement>("#messages"));
  return (
    <button type="button" class="button jump-to-unread" onClick={onJump} ref={button}>
      <ArrowUp size={16} aria-hidden="true" />
      {t("Jump to first unread")}
    </button>
  );
}
