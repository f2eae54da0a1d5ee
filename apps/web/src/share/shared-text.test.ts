import fc from "fast-check";
import { expect, test } from "vitest";
import { sharedText } from "./shared-text.ts";

const address = (parts: Readonly<Record<string, string>>) => `?${new URLSearchParams(parts).toString()}`;

test.each<[Readonly<Record<string, string>>, string]>([
  [
    { shared_title: "Bread", shared_text: "Look at this", shared_url: "https://a.example/b" },
    "Bread\nLook at this\nhttps://a.example/b",
  ],
  [{ shared_text: "Look: https://a.example/b", shared_url: "https://a.example/b" }, "Look: https://a.example/b"],
  [{ shared_title: "Bread", shared_text: "Bread\nhttps://a.example" }, "Bread\nhttps://a.example"],
  [{ shared_title: "Same", shared_text: "Same", shared_url: "Same" }, "Same"],
  [{ shared_title: "  ", shared_text: "", shared_url: " https://a.example " }, "https://a.example"],
  [{ shared_text: "Käse & <b>Brot</b> #1 +1 %41" }, "Käse & <b>Brot</b> #1 +1 %41"],
  [{ title: "no", text: "part", url: "of it" }, ""],
  [{}, ""],
])("what was shared is said once: %j", (parts, text) => {
  expect(sharedText(address(parts))).toBe(text);
});

test("every part that was shared stands in the text, whatever it is", () => {
  const part = fc.constantFrom("", "a", "ab", "b", "a b", "https://a.example/?q=a b&c#d");
  fc.assert(
    fc.property(part, part, part, (shared_title, shared_text, shared_url) => {
      const text = sharedText(address({ shared_title, shared_text, shared_url }));
      for (const said of [shared_title, shared_text, shared_url]) expect(text).toContain(said);
      const lines = text.split("\n");
      expect(new Set(lines).size).toBe(lines.length);
    }),
  );
});
