/** Files that are dropped on the page or pasted into it: their text goes into the message, an export is imported, and all else is refused in words. */
import { useCallback, useEffect } from "preact/hooks";
import { listenTo } from "../listen-to.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { focusBox } from "./focus-box.ts";
import { useDrafts } from "./use-draft.ts";
import { t } from "../words/words.ts";

/**
 * Takes what is dropped anywhere on the page, which the browser would leave the page for; returns what takes pasted files. `onTaken` leads
 * to the draft that their text went into.
 */
export function useTakenFiles(
  draftId: string,
  onExports: (files: readonly File[]) => void,
  onTaken: () => void = focusBox,
): (files: readonly File[]) => void {
  const drafts = useDrafts();
  const toasts = useToasts();
  const takeFiles = useCallback(
    (files: readonly File[]) => {
      // Over a dialog nobody sees the box: it is left alone.
      const isCovered = document.querySelector("dialog[open]") !== null;
      const { pathname } = location;
      const tell = (text: string) => toasts.show({ id: "files", text, tone: "error" });
      const add = (text: string) => drafts.add(draftId, text);
      // Whoever has gone elsewhere meanwhile stays there.
      const lead = () => location.pathname === pathname && onTaken();
      void import("./read-files.ts").then(
        ({ giveFiles }) => giveFiles(files, isCovered ? { onExports } : { onExports, add, tell, lead }),
        () => tell(t("The file could not be read. Reload the page, and try again.")),
      );
    },
    [drafts, toasts, draftId, onExports, onTaken],
  );
  useEffect(() => {
    let isOver = false;
    const over = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      isOver = true;
      // Without it one can drop all the same.
      void import("../import/drop-overlay.ts").then(
        ({ showDropOverlay }) => isOver && showDropOverlay(),
        () => undefined,
      );
    };
    const drop = (event: DragEvent) => {
      isOver = false;
      if (event.defaultPrevented || !hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      takeFiles([...(event.dataTransfer?.files ?? [])]);
    };
    return listenTo(window, { dragover: over, drop });
  }, [takeFiles]);
  return takeFiles;
}

/** Files only: a copied table comes with a picture of itself, and its text is what was meant. */
export function pastedFiles({ clipboardData }: ClipboardEvent): readonly File[] {
  const isText = clipboardData?.types.includes("text/plain") === true;
  return isText ? [] : [...(clipboardData?.files ?? [])];
}

function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") === true;
}
