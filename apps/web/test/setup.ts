/** Every test of the page begins with an empty one, in English. */
import { cleanup, configure } from "@testing-library/preact";
import { afterEach, beforeAll } from "vitest";
import { RowMenu } from "../src/sidebar/conversation-row.tsx";
import { speak } from "../src/words/language.ts";

// What loads when it is needed comes late where its first reader waits for its translation beside all others.
configure({ asyncUtilTimeout: 15_000 });

// As the page does with its list.
beforeAll(() => RowMenu.load());

afterEach(async () => {
  cleanup();
  // Files share a document: what one leaves there is found by another one.
  document.body.replaceChildren();
  await speak("auto", []);
});
