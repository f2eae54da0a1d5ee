import { expect, test } from "vitest";
import { canBeSeen } from "./visible-text.ts";

test.each(["", " \n\t\u00a0", "\u200b", "\u200e \u202e", "\u3164\u115f", "\ufeff\u2800\u00ad\u0007", "\u{e0061}"])(
  "nothing of %j can be seen",
  (text) => {
    expect(canBeSeen(text)).toBe(false);
    expect(canBeSeen(`${text}.`)).toBe(true);
  },
);
