/** Tells of an action that failed, in the place of the toast that told of the action. */
import { beginningOf } from "@instep/protocol";
import { failureWords } from "../errors/failure-texts.ts";
import { isFailure, type Result } from "../sync/device.ts";
import type { ToastStore } from "./toast-store.ts";
import { t } from "../words/words.ts";

/** Shows a toast where an action failed; it takes the place of the action's own. */
export async function tellFailure(toasts: ToastStore, id: string, result: Promise<Result<unknown>>): Promise<void> {
  const outcome = await result;
  if (!isFailure(outcome) || outcome.failed === "aborted") return;
  toasts.show({ id, text: failureWords(outcome.failed), tone: "error" });
}

/** The same of a restore: what isn't in the trash either can't be had back. */
export async function tellRestoreFailure(
  toasts: ToastStore,
  id: string,
  result: Promise<Result<unknown>>,
): Promise<void> {
  const outcome = await result;
  if (!isFailure(outcome) || outcome.failed !== "conversation_not_found") return tellFailure(toasts, id, result);
  toasts.show({ id, text: t("It was deleted for good."), tone: "error" });
  return undefined;
}

const MAX_TITLE = 48;

/** A title as it fits into a toast. */
export function shortened(title: string): string {
  return title.length > MAX_TITLE ? `${beginningOf(title, MAX_TITLE - 1).trimEnd()}…` : title;
}
