/** Leaves the worker the words for a push in the language of the page: with no page open, nobody else could tell it. */
import { t } from "../words/words.ts";
import type { PushWords, PushWordsPlace } from "./push-words.ts";

const PLACE: PushWordsPlace = "/push-words";

/** Where the browser keeps nothing, the worker says it in English. */
export async function keepPushWords(open: (name: string) => Promise<Pick<Cache, "put">>): Promise<void> {
  const words: PushWords = {
    complete: t("The reply is finished."),
    failed: t("The reply failed."),
    untitled: t("New chat"),
  };
  try {
    await (await open(PLACE)).put(PLACE, Response.json(words));
  } catch {
    return;
  }
}
