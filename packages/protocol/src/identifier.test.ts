import fc from "fast-check";
import { expect, test } from "vitest";
import { begunAs, isTemporary, isUuid, temporaryId } from "./identifier.ts";

test("[ID-1] every UUID is an id, in either case", () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(isUuid(id)).toBe(true);
      expect(isUuid(id.toUpperCase())).toBe(true);
      expect(isTemporary(id)).toBe(false);
    }),
  );
});

test("[ID-1] a draft's id is temporary, and no id of the wire", () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const draft = temporaryId(id);
      expect(isTemporary(draft)).toBe(true);
      expect(isUuid(draft)).toBe(false);
      expect(begunAs(draft)).toBe(id);
    }),
  );
});

test.each([
  "",
  "0",
  "0b8f6c0e6a534f0e9a6e3f1f5a1c9d01",
  "{0b8f6c0e-6a53-4f0e-9a6e-3f1f5a1c9d01}",
  "0b8f6c0e-6a53-4f0e-9a6e-3f1f5a1c9d0",
  "0b8f6c0e-6a53-4f0e-9a6e-3f1f5a1c9d01\n",
  "0b8f6c0e-6a53-4f0e-9a6e-3f1f5a1c9d0g",
  "../../etc/passwd",
])("[ID-1] %j is no id", (text) => {
  expect(isUuid(text)).toBe(false);
});
