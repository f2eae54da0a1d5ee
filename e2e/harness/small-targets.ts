/** What a finger would miss: everything on the screen that is pressed and is smaller than 44 px, but for links inside a text. */
import type { Page } from "@playwright/test";

const TARGETS = "button, summary, select, a[href]:not(.markdown a)";
const LEAST = 44;

/** Each with its name and size. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.locator(TARGETS).evaluateAll((elements, least) => {
    const isSeen = (element: Element): boolean => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      if (right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight) return false;
      return element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    };
    return elements.filter(isSeen).flatMap((element) => {
      const { width, height } = element.getBoundingClientRect();
      if (Math.min(width, height) >= least - 0.5) return [];
      const name = element.getAttribute("aria-label") ?? element.textContent.trim();
      return [`${name.slice(0, 40)}: ${Math.round(width)} × ${Math.round(height)}`];
    });
  }, LEAST);
}
