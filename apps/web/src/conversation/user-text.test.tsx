/** One's own messages: nothing of them is lost or read as markdown; links, code and folds. */
import { fireEvent, render, screen } from "@testing-library/preact";
import fc from "fast-check";
import { expect, test } from "vitest";
import { COSTLY_TEXTS } from "../../test/costly-texts.ts";
import { HOSTILE_TEXTS } from "../../test/hostile-texts.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { foldAt, userTextPieces } from "./user-text-pieces.ts";
import { UserText } from "./user-text.tsx";

const environment = testEnvironment();

function show(text: string): Element {
  return render(
    <EnvironmentProvider value={environment}>
      <UserText text={text} />
    </EnvironmentProvider>,
  ).container;
}

test("marks of markdown are what was typed, addresses are links, and code is code", () => {
  const container = show("# *not* a heading: see https://example.org/a, `a*b` and\n```ts\nconst a = 1;\n```\nthen $5");
  expect(container.querySelector("h3, em")).toBeNull();
  expect(container.querySelector("a")?.getAttribute("href")).toBe("https://example.org/a");
  expect(container.querySelector("a")?.getAttribute("rel")).toContain("noopener");
  expect(container.querySelector("a")?.getAttribute("target")).toBe("_blank");
  expect(container.querySelector(".inline-code")?.textContent).toBe("a*b");
  expect(container.querySelector(".code-block pre")?.textContent).toBe("const a = 1;");
  expect(container.textContent).toContain("# *not* a heading: see https://example.org/a, a*b and");
  expect(container.textContent).toContain("then $5");
});

test.each([
  ["```\na", [{ kind: "code", code: "a", language: "" }]],
  ["````md\n```\nb\n```\n````", [{ kind: "code", code: "```\nb\n```", language: "md" }]],
  [
    "~~~\n```\n~~~\nx",
    [
      { kind: "code", code: "```", language: "" },
      { kind: "text", text: "x" },
    ],
  ],
  ["a ``` b\n    ```\n", [{ kind: "text", text: "a ``` b\n    ```\n" }]],
  ["```a`b```", [{ kind: "text", text: "```a`b```" }]],
])("fences are found: %j", (text, pieces) => {
  expect(userTextPieces(text)).toEqual(pieces);
});

test("a long text is folded, says so, and unfolds; so does what the browser's search finds in it", async () => {
  const text = Array.from({ length: 60 }, (_, index) => `line ${index}`).join("\n");
  const container = show(text);
  const rest = container.querySelector<HTMLElement>(".user-text-rest");
  expect(rest?.hidden).toBeTruthy();
  expect(rest?.textContent?.startsWith("line 20\n")).toBe(true);
  fireEvent.click(screen.getByRole("button", { name: "Show all" }));
  expect(rest?.hidden).toBeFalsy();
  fireEvent.click(screen.getByRole("button", { name: "Show less" }));
  expect(rest?.hidden).toBeTruthy();
  rest?.dispatchEvent(new Event("beforematch"));
  await expect.poll(() => rest?.hidden).toBeFalsy();
});

test("[SAFE-2] every word of any message is there, in its order, and a fold is a cut between characters", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "```\n",
      "\n```ts\n",
      "~~~",
      "`",
      "word ",
      "\n",
      "https://a.b ",
      "👩‍🚀",
      "x".repeat(400),
      " y".repeat(300),
    ),
    fc.string({ unit: "grapheme" }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      const read = userTextPieces(text).map((piece) => (piece.kind === "code" ? piece.code : piece.text));
      let at = 0;
      for (const part of read) {
        at = text.indexOf(part, at);
        expect(at).toBeGreaterThanOrEqual(0);
        at += part.length;
      }
      const skipped = text
        .split("\n")
        .filter((line) => !/^ {0,3}(?:`{3,}|~{3,})/.test(line))
        .join("")
        .replaceAll(/\s/g, "");
      const kept = read.join("").replaceAll(/\s/g, "");
      expect(kept.length).toBeGreaterThanOrEqual(skipped.length);
      const cut = foldAt(text);
      expect(cut).toBeGreaterThan(text === "" ? -1 : 0);
      expect(cut).toBeLessThanOrEqual(text.length);
      expect(/[\uD800-\uDBFF]$/.test(text.slice(0, cut)) && /^[\uDC00-\uDFFF]/.test(text.slice(cut))).toBe(false);
      if (text.length <= 1500 && text.split("\n").length <= 20) expect(cut).toBe(text.length);
      if (text.length > 4000) expect(cut).toBeLessThan(text.length);
    }),
  );
});

test.each(HOSTILE_TEXTS)("[SAFE-2] a hostile text is text and safe links: %j", (text) => {
  const container = show(text);
  expect(container.querySelector("script, img, iframe, svg:not(.lucide), [onclick], [onerror], [style]")).toBeNull();
  for (const link of container.querySelectorAll("a")) expect(link.getAttribute("href")).toMatch(/^(?:https?|mailto):/);
});

test.each(COSTLY_TEXTS)("[SAFE-2] a costly text is few elements: %s", (_name, make) => {
  expect(show(make(100_000)).querySelectorAll("*").length).toBeLessThan(6000);
});
