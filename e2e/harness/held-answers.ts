/** Keeps answers back, so that a race happens every time: the server has answered, and the page doesn't know it yet. */
import type { Page, Route } from "@playwright/test";

export class HeldAnswers {
  readonly #waiting: (() => void)[] = [];
  #isHolding = false;
  #seen = 0;

  /** Watches the requests that match; nothing is held until `hold`. */
  static async of(page: Page, pattern: string | RegExp): Promise<HeldAnswers> {
    const answers = new HeldAnswers();
    await page.route(pattern, (route) => answers.#handle(route));
    return answers;
  }

  /** How many answers are held just now. */
  get count(): number {
    return this.#waiting.length;
  }

  /** How many requests have come by. */
  get seen(): number {
    return this.#seen;
  }

  hold(): void {
    this.#isHolding = true;
  }

  /** Delivers what is held, as it was when it was asked, and holds nothing more. */
  release(): void {
    this.#isHolding = false;
    for (const deliver of this.#waiting.splice(0)) deliver();
  }

  async #handle(route: Route): Promise<void> {
    this.#seen += 1;
    const mustWait = this.#isHolding;
    const response = await route.fetch().catch(() => null);
    if (response === null) return route.abort().catch(() => undefined);
    // Released while the server was still at it: there is nothing to wait for any more.
    if (mustWait && this.#isHolding) await new Promise<void>((deliver) => this.#waiting.push(deliver));
    // The page may have given the request up meanwhile.
    await route.fulfill({ response }).catch(() => undefined);
  }
}
