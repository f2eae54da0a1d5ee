import { expect, test } from "vitest";
import { faultOfPassword, mayBePassword } from "./password-rules.ts";

const HORSE = "\u{1F40E}";

test.each(["x".repeat(8), "x".repeat(513), "x".repeat(10_000), HORSE.repeat(8), HORSE.repeat(10_000), "ü  ñ—日本語"])(
  "[SIGN-2] %# is a password, which has eight characters or more",
  (password) => {
    expect([faultOfPassword(password, "password"), mayBePassword(password)]).toEqual([null, true]);
  },
);

test.each(["", "x".repeat(7), HORSE.repeat(4), HORSE.repeat(7), "x".repeat(10_001), HORSE.repeat(10_001)])(
  "[SIGN-2] %# is none, and is not repeated by what says so",
  (password) => {
    const fault = faultOfPassword(password, "new_password");
    expect(fault).toMatchObject({ refused: "invalid_body", members: { field: "new_password" } });
    if (password !== "") expect(JSON.stringify(fault)).not.toContain(password);
  },
);

test("[SIGN-2] what was a password when it was set, by a count of code units, is compared with it still", () => {
  expect([mayBePassword(HORSE.repeat(4)), mayBePassword(HORSE.repeat(3)), mayBePassword("x".repeat(10_001))]).toEqual([
    true,
    false,
    false,
  ]);
});
