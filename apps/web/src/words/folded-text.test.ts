/** Text without case and accents. */
import { expect, test } from "vitest";
import { foldedText } from "./folded-text.ts";

test("case and accents make no difference between texts", () => {
  expect(foldedText("Ärger MIT Ñandú")).toBe("arger mit nandu");
  expect(foldedText("한국 हिन्दी")).toBe("한국 हिन्दी");
});
