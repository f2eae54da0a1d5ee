import { afterAll, expect, it } from "vitest";
import { MUTANTS } from "./mutants.ts";
import { Workshop } from "./workshop.ts";

const workshop = new Workshop();
afterAll(() => workshop.close());

/** A handful; `npm run simulate -- --mutants` runs them all. */
const HANDFUL = new Set([
  "a restore leaves the tombstone",
  "message_count is not kept on replace",
  "a version that comes back takes the place of what stands, which is lost",
  "what a full sync discovers is unread",
  "missing is judged before the last page",
  "a send has a new id each time",
  "whoever waits is answered by anybody's commit",
  "a conversation is found by its id alone",
]);

it.each(MUTANTS.filter(({ name }) => HANDFUL.has(name)))(
  "[$rule] the simulation notices where $name",
  { timeout: 300_000 },
  async (mutant) => {
    const verdict = await workshop.judge(mutant, { seeds: 20, steps: 40 }, []);
    expect(verdict).toMatchObject({ isCaught: true, mutant });
    expect(verdict.saidRule, verdict.detail).toMatch(/^[A-Z]+-\d+$/);
  },
);

it("has at least 25 mutants, each with a name of its own", () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  expect(MUTANTS.length).toBeGreaterThanOrEqual(25);
});
