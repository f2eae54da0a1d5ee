/** Text that runs from right to left. */
import { render } from "@testing-library/preact";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { EnvironmentProvider } from "../environment.ts";
import { Markdown } from "./markdown.tsx";

const ARABIC = "مرحبا بالعالم";
const HEBREW = "שלום";

test.each([
  ["ul", `- ${ARABIC}\n- b`, "rtl"],
  ["ol", `1. **${HEBREW}** x`, "rtl"],
  ["ul", `- 12. ${ARABIC}`, "rtl"],
  ["ul", "- b\n- " + ARABIC, "ltr"],
  ["blockquote", `> - ${HEBREW}`, "rtl"],
  ["table", `| ${ARABIC} | b |\n|---|---|\n| c | d |`, "rtl"],
  ["table", `| a | ${ARABIC} |\n|---|---|\n| c | d |`, "ltr"],
  ["pre", `\`\`\`\n${ARABIC}\n\`\`\``, "ltr"],
  ["blockquote", "> 1", "ltr"],
  ["p", ARABIC, "auto"],
  ["h3", `# ${ARABIC}`, "auto"],
  ["td", `| a |\n|---|\n| ${ARABIC} |`, "auto"],
])("a %s runs as its first words do: %j", (selector, ...[text, direction]) => {
  const { container } = render(
    <EnvironmentProvider value={testEnvironment()}>
      <Markdown text={text} />
    </EnvironmentProvider>,
  );
  expect(container.querySelector(selector)?.getAttribute("dir")).toBe(direction);
});
