import { isUuid } from "@instep/protocol";
import { describe, expect, test } from "vitest";
import { nameBasedUuid, stableId } from "./stable-id.ts";

describe("stableId", () => {
  test("[ID-1] keeps a UUID, in lower case", () => {
    expect(stableId("3F2504E0-4F89-41D3-9A0C-0305E82C3301", "x")).toBe("3f2504e0-4f89-41d3-9a0c-0305e82c3301");
  });

  test("[ID-1] gives anything else the same UUID every time, and another one in another scope", () => {
    const id = stableId("client-created-root", "a");
    expect(isUuid(id)).toBe(true);
    expect(stableId("client-created-root", "a")).toBe(id);
    expect(stableId("client-created-root", "b")).not.toBe(id);
  });

  test("never changes between releases: a repeated import finds what the first one made", () => {
    expect(nameBasedUuid("chatgpt-conversation:abc")).toBe("b384870f-743e-5784-988e-df1f616b4633");
    expect(isUuid(nameBasedUuid("\uD800"))).toBe(true);
  });
});
