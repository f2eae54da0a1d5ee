/** What axe finds on a page as it stands, in both themes. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What is another in the dark; everything else is looked at in the light alone. */
const RULES_OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** The findings on the page, or in what the selector names, each with where it is. */
export async function axeFindings(page: Page, within?: string): Promise<string[]> {
  const light = await findingsNow(page, { within });
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await findingsNow(page, { within, rules: RULES_OF_COLOURS });
  await page.emulateMedia({ colorScheme: null });
  return [...light, ...dark.map((finding) => `in the dark: ${finding}`)];
}

interface Look {
  readonly within: string | undefined;
  readonly rules?: string[];
}

async function findingsNow(page: Page, { within, rules }: Look): Promise<string[]> {
  // What fades in is pale for a moment.
  await page.evaluate(() => {
    const passing = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(passing.map(({ finished }) => finished));
  });
  const axe = new AxeBuilder({ page });
  if (within !== undefined) axe.include(within);
  if (rules !== undefined) axe.withRules(rules);
  const { violations } = await axe.analyze();
  return violations
    .map(({ id, nodes }) => ({
      id,
      places: nodes.map(({ html }) => html.slice(0, 120)).filter((html) => !isMenu(id, html)),
    }))
    .filter(({ places }) => places.length > 0)
    .map(({ id, places }) => `${id}: ${places.join(" | ")}`);
}

/** An open menu lies over the page as a dialog does, and axe would have it in a landmark. */
function isMenu(rule: string, html: string): boolean {
  return rule === "region" && html.startsWith('<div class="menu-layer');
}
