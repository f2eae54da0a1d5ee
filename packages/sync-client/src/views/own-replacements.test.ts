import { expect, it } from "vitest";
import { message } from "../../test/scripted-transport.ts";
import { OwnReplacements } from "./own-replacements.ts";

const begun = { versionId: "v", beganAt: 10, placeSeq: null };
const reply = message("a", 11);

it("[MSG-5] knows where a turn left its conversation, and what stands in the place of what it replaced", () => {
  const replacements = new OwnReplacements();
  replacements.begin("a", begun);
  expect(replacements.of("a", "v")).toEqual({ ...begun, endedAt: null, isBack: false });
  expect([replacements.of("a", "w"), replacements.of("b", "v")]).toEqual([null, null]);
  replacements.end("b", { last_seq: 11, message: reply });
  replacements.end("a", { last_seq: 11, message: reply });
  expect(replacements.of("a", "v")).toEqual({ ...begun, endedAt: 11, placeSeq: 11, isBack: false });
  // Later turns' ends are not its own.
  replacements.end("a", { last_seq: 11, message: null, brought_back: 1 });
  replacements.end("a", { last_seq: 10, message: null });
  expect(replacements.of("a", "v")).toMatchObject({ endedAt: 11, isBack: false });
  replacements.begin("a", { ...begun, versionId: "w" });
  expect([replacements.of("a", "v"), replacements.of("a", "w")?.endedAt]).toEqual([null, null]);
});

it("[MSG-5] an edit stands where the edited did, whatever its reply", () => {
  const replacements = new OwnReplacements();
  replacements.begin("a", { ...begun, placeSeq: 10 });
  replacements.end("a", { last_seq: 10, message: null });
  expect(replacements.of("a", "v")).toMatchObject({ endedAt: 10, placeSeq: 10 });
});

it("[MSG-5] takes the end of a later turn for no end of this one", () => {
  const replacements = new OwnReplacements();
  replacements.begin("a", begun);
  replacements.end("a", { last_seq: 12, message: message("a", 12) });
  expect(replacements.of("a", "v")?.endedAt).toBeNull();
});

it("[MSG-5] what a turn has brought back by itself is told apart", () => {
  const replacements = new OwnReplacements();
  replacements.begin("a", begun);
  replacements.end("a", { last_seq: 17, message: null, brought_back: 7 });
  expect(replacements.of("a", "v")?.isBack).toBe(true);
});
