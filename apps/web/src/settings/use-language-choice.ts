/** Chooses the page's language: spoken first, then kept, so that what is rendered anew finds its words. */
import { keepPushWords } from "../app-worker/keep-push-words.ts";
import { useEnvironment } from "../environment.ts";
import { type LanguageChoice, speak } from "../words/language.ts";
import { useSettings } from "./settings-store.ts";

/** Resolves to false, and all stays as it was, where the language can't be loaded; one that was overtaken by another choice is not kept. */
export function useLanguageChoice(): (language: LanguageChoice) => Promise<boolean> {
  const environment = useEnvironment();
  const [, change] = useSettings();
  return async (language) => {
    const isSpoken = await speak(language, environment.languages(), () => change({ language }));
    // There are none where the page is not served safely, nor pushes.
    if (isSpoken && "caches" in window) await keepPushWords((name) => caches.open(name));
    return isSpoken;
  };
}
