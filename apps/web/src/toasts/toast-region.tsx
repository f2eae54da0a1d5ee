/** Shows the toasts; each goes by itself after a while, but not while the pointer or the focus is on it, or nobody can see it. */
import X from "lucide-react/icons/x";
import type { RefObject } from "preact";
import { useSyncExternalStore } from "preact/compat";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { deliberate } from "../design/deliberate.ts";
import { IconButton } from "../design/icon-button.tsx";
import { useEnvironment } from "../environment.ts";
import { listenTo } from "../listen-to.ts";
import { letterOf } from "../keyboard/letter-key.ts";
import { type Toast, useToasts } from "./toast-store.ts";
import { t } from "../words/words.ts";
import "./toasts.css";

const SHOWN_MS = 6000;
const SHOWN_WITH_ACTION_MS = 10_000;

/** All toasts of the page. */
export function ToastRegion() {
  const store = useToasts();
  const toasts = useSyncExternalStore(store.subscribe, store.list);
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      const undoable = isUndoKey(event) && isPageInReach() && store.list().findLast(({ action }) => action?.isUndo);
      if (!undoable) return;
      event.preventDefault();
      store.dismiss(undoable.id);
      undoable.action?.run();
    };
    return listenTo(window, { keydown: handle });
  }, [store]);
  const region = useRef<HTMLElement>(null);
  useFocusByKey(region, toasts);
  return (
    <section class="toast-region" aria-label={t("Notifications")} ref={region}>
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} onDismiss={() => store.dismiss(toast.id)} />
      ))}
    </section>
  );
}

/** F6 leads to the newest toast, and from there back; Escape dismisses the one that has the focus, which then goes back too. */
function useFocusByKey(region: RefObject<HTMLElement | null>, toasts: readonly Toast[]): void {
  const store = useToasts();
  const opener = useRef<Element | null>(null);
  const goBack = () => {
    if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
    opener.current = null;
  };
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      const focused = document.activeElement;
      const isInside = region.current?.contains(focused) === true;
      const newest = region.current?.querySelector<HTMLElement>(".toast:last-child button");
      if (event.key !== "F6" || !newest) return;
      event.preventDefault();
      if (isInside) return goBack();
      opener.current = focused;
      newest.focus();
    };
    const dismiss = (event: KeyboardEvent) => {
      const card = event.target instanceof Element ? event.target.closest<HTMLElement>(".toast") : null;
      if (event.key !== "Escape" || !card) return;
      event.preventDefault();
      event.stopPropagation();
      store.dismiss(card.dataset["toastId"] ?? "");
    };
    const element = region.current;
    const ends = [listenTo(window, { keydown: handle }), element && listenTo(element, { keydown: dismiss })];
    return () => ends.forEach((end) => end?.());
  }, [store, region]);
  // Its toast has gone, and the focus with it.
  useLayoutEffect(() => {
    if (opener.current !== null && document.activeElement === document.body) goBack();
  }, [toasts]);
}

function ToastCard({ toast, onDismiss }: { readonly toast: Toast; readonly onDismiss: () => void }) {
  const environment = useEnvironment();
  const isInReach = useSyncExternalStore(onReachChange, isPageInReach);
  const [holds, setHolds] = useState(0);
  useEffect(() => {
    if (holds > 0 || !isInReach) return undefined;
    return environment.after(toast.action ? SHOWN_WITH_ACTION_MS : SHOWN_MS, onDismiss);
  }, [holds, isInReach, toast]);
  const hold = () => setHolds((count) => count + 1);
  const release = () => setHolds((count) => Math.max(0, count - 1));
  return (
    <div
      class={`toast ${toast.tone}`}
      role={toast.tone === "error" ? "alert" : "status"}
      data-toast-id={toast.id}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocusIn={hold}
      onFocusOut={release}
    >
      <span class="toast-text">{toast.text}</span>
      {toast.action && (
        <button
          type="button"
          class="toast-action"
          onClick={deliberate(() => {
            onDismiss();
            toast.action?.run();
          })}
        >
          {toast.action.label}
        </button>
      )}
      <IconButton label={t("Dismiss")} icon={X} onClick={deliberate(onDismiss)} />
    </div>
  );
}

/** Whether the page is seen, and no modal dialog stands before it: nothing behind one can be pressed. */
function isPageInReach(): boolean {
  return !document.hidden && document.querySelector("dialog[open]") === null;
}

function onReachChange(listener: () => void): () => void {
  const dialogs = new MutationObserver(listener);
  dialogs.observe(document.body, { subtree: true, attributeFilter: ["open"] });
  document.addEventListener("visibilitychange", listener);
  return () => {
    dialogs.disconnect();
    document.removeEventListener("visibilitychange", listener);
  };
}

/** Ctrl or Cmd with Z; where one is typing, it undoes the typing. */
function isUndoKey(event: KeyboardEvent): boolean {
  const { ctrlKey, metaKey, shiftKey, target } = event;
  const isTyping = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  return (ctrlKey || metaKey) && !shiftKey && !isTyping && letterOf(event) === "z";
}
