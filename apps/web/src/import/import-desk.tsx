/** The import on the page: the files, how far it is, the report. It stays when its dialog is closed, and the import goes on. */
import { useSyncExternalStore } from "preact/compat";
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../design/dialog.tsx";
import { listenTo } from "../listen-to.ts";
import { useToasts } from "../toasts/toast-store.ts";
import { fileSender } from "./import-call.ts";
import { createImportRun, type ImportRun, type ImportState } from "./import-run.ts";
import { ImportAsked, ImportChooser, ImportEnded, ImportRunning } from "./import-states.tsx";
import { outcomeWords } from "./import-words.ts";
import { t } from "../words/words.ts";
import "./import-desk.css";

export interface ImportDeskProps {
  readonly accountId: string;
  /** What was wanted last: files that were dropped, or none to choose some. Each time another list, which opens the dialog. */
  readonly wanted: readonly File[];
}

const TOAST = "import";

export function ImportDesk({ accountId, wanted }: ImportDeskProps) {
  const [run] = useState(() => {
    const made = createImportRun(fileSender(accountId));
    // Before the dialog is there, so that its focus goes to the question.
    if (wanted.length > 0) made.ask(wanted);
    return made;
  });
  const state = useSyncExternalStore(run.subscribe, run.state);
  const [isOpen, setIsOpen] = useState(true);
  useEffect(() => {
    setIsOpen(true);
    if (wanted.length > 0) run.ask(wanted);
  }, [run, wanted]);
  useCutOff(run);
  useAskToStay(state.kind === "running");
  useClosedToast(isOpen ? { kind: "idle" } : state, () => setIsOpen(true));
  if (!isOpen) return null;
  const close = () => {
    setIsOpen(false);
    run.clear();
  };
  // Whatever is dropped here is meant for here, an export or not: the server says what it can't read.
  const take = (event: DragEvent) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    run.ask(files);
  };
  return (
    <div onDrop={take}>
      <Dialog title={t("Import conversations")} onClose={close}>
        <div class="import-desk">
          {state.kind === "idle" && <ImportChooser onFiles={run.begin} />}
          {state.kind === "asking" && (
            <ImportAsked files={state.files} onYes={() => run.begin(state.files)} onNo={close} />
          )}
          {state.kind === "running" && <ImportRunning state={state} onStop={run.stop} />}
          {state.kind === "ended" && <ImportEnded state={state} onAnother={run.clear} onClose={close} />}
        </div>
      </Dialog>
    </div>
  );
}

/** With the page the import ends as well. */
function useAskToStay(isRunning: boolean): void {
  useEffect(() => {
    if (!isRunning) return undefined;
    return listenTo(window, { beforeunload: (event) => event.preventDefault() });
  }, [isRunning]);
}

/** With the session the import ends as well; whoever signs in again is told so. */
function useCutOff(run: ImportRun): void {
  const toasts = useToasts();
  useEffect(
    () => () => {
      if (run.state().kind !== "running") return;
      run.stop();
      const text = t("The connection broke. Import the file again: it goes on from there.");
      toasts.show({ id: TOAST, text, tone: "error" });
    },
    [run, toasts],
  );
}

/** What is told while the dialog is closed: that it goes on, and how it ended. */
function useClosedToast(state: ImportState, onShow: () => void): void {
  const toasts = useToasts();
  const isOver = state.kind === "ended";
  const tone = isOver && state.how === "failed" ? "error" : "info";
  const text = isOver
    ? t("Import: {outcome}", { outcome: outcomeWords(state) })
    : state.kind === "running"
      ? t("The import goes on.")
      : null;
  useEffect(() => {
    if (text === null) return toasts.dismiss(TOAST);
    const action = { label: isOver ? t("Show the report") : t("Show"), run: onShow };
    return toasts.show({ id: TOAST, text, tone, action });
    // What opens the dialog is the same thing each time.
  }, [toasts, text, tone, isOver]);
}
