/** What the import's dialog shows: what can be chosen, the question, the way, the end. */
import { useId, useRef } from "preact/hooks";
import { focusOnce } from "../design/focus-once.ts";
import type { ImportState } from "./import-run.ts";
import { conversations, detailLines, importProblemWords, messages, outcomeWords } from "./import-words.ts";
import { numeral, t, tParts } from "../words/words.ts";

type StateOf<Kind extends ImportState["kind"]> = ImportState & { readonly kind: Kind };

export function ImportChooser({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const hintId = useId();
  return (
    <>
      <p id={hintId}>
        {t(
          "Your chats from elsewhere become chats here. Choose the file as you got it, .zip or .json, or drop it anywhere on this page. Importing twice changes nothing; a newer export adds what is new.",
        )}
      </p>
      <ul class="import-sources">
        <li>
          <strong>ChatGPT</strong> {t("Settings, Data controls, Export data")}
        </li>
        <li>
          <strong>Claude</strong> {t("Settings, Privacy, Export data")}
        </li>
        <li>
          <strong>Open WebUI</strong> {t("Settings, Chats, Export chats")}
        </li>
        <li>
          <strong>Instep</strong> {t("Settings, Account, Export")}
        </li>
      </ul>
      <p class="import-hint">
        {t("Whoever runs the server can also read a file in there:")}{" "}
        <code>npm run instep -- import conversations.json</code>
      </p>
      <input
        ref={field}
        type="file"
        class="import-field"
        accept=".json,.zip,application/json,application/zip"
        multiple
        hidden
        aria-label={t("Files to import")}
        onInput={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same file can be chosen again.
          event.currentTarget.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
      <div class="import-buttons">
        <button type="button" class="button primary" aria-describedby={hintId} onClick={() => field.current?.click()}>
          {t("Choose files…")}
        </button>
      </div>
    </>
  );
}

export interface ImportAskedProps {
  readonly files: readonly File[];
  readonly onYes: () => void;
  readonly onNo: () => void;
}

export function ImportAsked({ files, onYes, onNo }: ImportAskedProps) {
  const what = files.map(({ name, size }) => `${name} (${sizeWords(size)})`).join(", ");
  return (
    <>
      <p>{tParts("Import the conversations of {files}?", { files: <bdi>{what}</bdi> })}</p>
      <div class="import-buttons">
        <button type="button" class="button" onClick={onNo}>
          {t("Cancel")}
        </button>
        <button type="button" class="button primary" ref={focusOnce} onClick={onYes}>
          {t("Import")}
        </button>
      </div>
    </>
  );
}

export interface ImportRunningProps {
  readonly state: StateOf<"running">;
  readonly onStop: () => void;
}

export function ImportRunning({ state: { file, phase, share, soFar, refused }, onStop }: ImportRunningProps) {
  const percent = Math.floor(share * 100);
  const doing = phase === "sending" ? t("Sending {file}", { file }) : t("Reading {file}", { file });
  return (
    <>
      <p role="status" tabIndex={-1} ref={focusOnce}>
        <bdi>{doing}</bdi>…
      </p>
      <progress class="import-progress" aria-label={doing} max={100} value={percent} />
      <p class="import-counts">
        {percent} %
        {soFar.added + soFar.grown > 0 && ` · ${conversations(soFar.added + soFar.grown)}, ${messages(soFar.messages)}`}
      </p>
      <Refused names={refused} />
      <p class="import-hint">
        {t(
          "It goes on when this is closed. Reloading the page stops it: what came in stays, and importing again goes on from there.",
        )}
      </p>
      <div class="import-buttons">
        <button type="button" class="button" onClick={onStop}>
          {t("Stop")}
        </button>
      </div>
    </>
  );
}

/** What was dropped while another import ran. */
function Refused({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <p role="status">
      {tParts("One import at a time: drop {files} again once this one has ended.", {
        files: <bdi>{names.join(", ")}</bdi>,
      })}
    </p>
  );
}

export interface ImportEndedProps {
  readonly state: StateOf<"ended">;
  readonly onAnother: () => void;
  readonly onClose: () => void;
}

export function ImportEnded({ state, onAnother, onClose }: ImportEndedProps) {
  const details = detailLines(state.report);
  return (
    <>
      {state.problem && (
        <p class="import-problem" role="alert">
          {importProblemWords(state.problem)}
        </p>
      )}
      <p role="status">{outcomeWords(state)}</p>
      <Refused names={state.refused} />
      {details.length > 0 && (
        <ul class="import-details" aria-label={t("Details")}>
          {details.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <div class="import-buttons">
        <button type="button" class="button" onClick={onAnother}>
          {t("Import another file")}
        </button>
        <button type="button" class="button primary" ref={focusOnce} onClick={onClose}>
          {t("Done")}
        </button>
      </div>
    </>
  );
}

const KB = 1024;
const MB = KB * KB;

function sizeWords(bytes: number): string {
  if (bytes >= MB) return `${numeral(bytes / MB, { maximumFractionDigits: 1 })} MB`;
  return `${Math.max(1, Math.round(bytes / KB))} kB`;
}
