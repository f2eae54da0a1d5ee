/** What stands over the page while files are dragged over it. Loaded with the first one that is. */
import { t } from "../words/words.ts";
import "./drop-overlay.css";

const WORDS = "Drop it here";
const HINT =
  "An export of conversations (.zip, .json) is imported after a question; the text of another file goes into your message.";

/** Shows it until the files are dropped, or leave the page; once however often it is asked for. */
export function showDropOverlay(): void {
  if (document.querySelector(".drop-overlay")) return;
  const overlay = document.createElement("div");
  overlay.className = "drop-overlay";
  overlay.setAttribute("role", "status");
  overlay.append(line("strong", t(WORDS)), line("span", t(HINT)));
  const ends = new AbortController();
  const hide = () => {
    overlay.remove();
    ends.abort();
  };
  const { signal } = ends;
  // Only what leaves the page goes to nothing.
  window.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && hide(), { signal });
  window.addEventListener("drop", hide, { signal, capture: true });
  window.addEventListener("dragend", hide, { signal });
  // A drag that the browser has lost tells nothing more; the pointer only moves again after it.
  window.addEventListener("pointermove", hide, { signal });
  (document.querySelector("dialog[open]") ?? document.body).append(overlay);
}

function line(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
