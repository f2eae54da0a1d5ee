/** The short messages at the edge of the page: one an event, a few at a time. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { t } from "../words/words.ts";

export interface ToastAction {
  readonly label: string;
  /** It takes back what the toast tells of, and so does the key for that. */
  readonly isUndo?: boolean;
  readonly run: () => void;
}

export interface Toast {
  /** Names the event: a second toast of the same event replaces the first. */
  readonly id: string;
  readonly text: string;
  readonly tone: "info" | "error";
  readonly action?: ToastAction;
}

export interface ToastStore {
  readonly list: () => readonly Toast[];
  readonly show: (toast: Toast) => void;
  readonly dismiss: (id: string) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** The way back from what a toast tells of. */
export function undoAction(run: () => void): ToastAction {
  return { label: t("Undo"), isUndo: true, run };
}

const MAX_TOASTS = 4;

/** An empty store; the oldest toast goes where there are more than four. */
export function createToastStore(): ToastStore {
  let toasts: readonly Toast[] = [];
  const listeners = new Set<() => void>();
  const change = (next: readonly Toast[]) => {
    toasts = next;
    for (const listener of listeners) listener();
  };
  return {
    list: () => toasts,
    show: (toast) => change([...toasts.filter(({ id }) => id !== toast.id), toast].slice(-MAX_TOASTS)),
    dismiss: (id) => {
      if (toasts.some((toast) => toast.id === id)) change(toasts.filter((toast) => toast.id !== id));
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const ToastContext = createContext<ToastStore | null>(null);
export const ToastProvider = ToastContext.Provider;

/** The page's toasts. */
export function useToasts(): ToastStore {
  const store = useContext(ToastContext);
  if (!store) throw new Error("no provider");
  return store;
}
