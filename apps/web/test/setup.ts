/** Every test of the page begins with an empty one, in English. */
import { cleanup } from "@testing-library/preact";
import { afterEach } from "vitest";
import { speak } from "../src/words/language.ts";

afterEach(async () => {
  cleanup();
  // Files share a document: what one leaves there is found by another one.
  document.body.replaceChildren();
  await speak("auto", []);
});
