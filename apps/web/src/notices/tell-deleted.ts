/** One toast for all that is to be said of a chat that was deleted elsewhere, in whatever order it is heard [DEV-10]. */
import { shortened } from "../toasts/tell-failure.ts";
import type { Toast, ToastAction, ToastStore } from "../toasts/toast-store.ts";
import { t } from "../words/words.ts";

export interface DeletionNews {
  /** Of the chat that was open. */
  readonly title?: string;
  /** Messages had not been sent, or perhaps had. */
  readonly orphaned?: "unsent" | "unsure";
  readonly action: ToastAction;
}

const told = new WeakMap<Toast, DeletionNews>();

/** Shows it, with what a toast of the same chat says that still stands there. */
export function tellDeleted(toasts: ToastStore, chatId: string, news: DeletionNews): void {
  const id = deletionToast(chatId);
  const shown = toasts.list().find((toast) => toast.id === id);
  const all = merged(news, shown && told.get(shown));
  const toast: Toast = { id, text: words(all), tone: all.orphaned ? "error" : "info", action: all.action };
  told.set(toast, all);
  toasts.show(toast);
}

/** The toast's name: what becomes of the chat is told in its place. */
export function deletionToast(chatId: string): string {
  return `deleted-${chatId}`;
}

/** The way back to a chat is worth more than the way to the text, which has been opened with it. */
function merged(news: DeletionNews, before?: DeletionNews): DeletionNews {
  if (!before) return news;
  const [main, other] = news.title === undefined ? [before, news] : [news, before];
  const isUnsure = news.orphaned === "unsure" || before.orphaned === "unsure";
  const orphaned = isUnsure ? "unsure" : (news.orphaned ?? before.orphaned);
  return { ...other, ...main, ...(orphaned && { orphaned }) };
}

function words({ title, orphaned }: DeletionNews): string {
  if (!orphaned) {
    // Not "on another device": it may have been another tab of this browser.
    return title
      ? t("“{title}” was deleted elsewhere", { title: shortened(title) })
      : t("This chat was deleted elsewhere");
  }
  if (!title) {
    return orphaned === "unsure"
      ? t("A chat was deleted, perhaps before your message reached it. The text is in a new chat.")
      : t("Your message wasn't sent: its chat was deleted. The text is in a new chat.");
  }
  const named = { title: shortened(title) };
  return orphaned === "unsure"
    ? t("“{title}” was deleted elsewhere, perhaps before your message reached it. The text is in a new chat.", named)
    : t("“{title}” was deleted elsewhere. Your message wasn't sent: its text is in a new chat.", named);
}
