/** A modal dialog: the browser's own element, so that focus, Escape and the page behind are its business. */
import ArrowLeft from "lucide-react/icons/arrow-left";
import X from "lucide-react/icons/x";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { IconButton } from "./icon-button.tsx";
import { useModal } from "./use-modal.ts";
import { usePressBeside } from "./use-press-beside.ts";
import { t } from "../words/words.ts";
import "./dialog.css";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Where it was opened from another one. */
  readonly onBack?: () => void;
  /** Something stands in it that is not saved yet: only a deed in the dialog itself closes it, no press beside it that is easily made by mistake. */
  readonly isWritten?: boolean;
  readonly children: ComponentChildren;
}

/** Open for as long as it is rendered; a press on the backdrop closes it where nothing would be lost. */
export function Dialog({ title, onClose, onBack, isWritten = false, children }: DialogProps) {
  const element = useModal(onBack ?? onClose);
  const beside = usePressBeside(() => !isWritten && onClose());
  const headingId = useId();
  return (
    <dialog
      ref={element}
      class="modal dialog"
      data-written={isWritten ? "" : undefined}
      aria-labelledby={headingId}
      onCancel={(event) => {
        // That of a file's choice comes through here as well.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        // The browser closes the dialog with it; a drawer behind it stays open.
        if (event.key === "Escape") event.stopPropagation();
      }}
      {...beside}
    >
      <div class="dialog-body">
        <header class="dialog-header">
          {onBack && <IconButton label={t("Back")} icon={ArrowLeft} onClick={onBack} class="dialog-back" />}
          <h2 id={headingId}>{title}</h2>
          <IconButton label={t("Close")} icon={X} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
