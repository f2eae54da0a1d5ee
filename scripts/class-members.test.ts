import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { membersOf } from "./class-members.ts";

const CLIENT = join(import.meta.dirname, "../packages/sync-client/src");
const MAX_MEMBERS = 20;

test("members are fields, accessors and methods, public or private, and no constructor", () => {
  const text = `export class Some implements Thing {
  readonly one: string;
  #two = new Map<string, number>();
  static readonly three = 3;

  constructor(one: string) {
    this.one = one;
  }

  get four(): number {
    return 4;
  }

  five = (): void => {};

  async #six<T>(given: T): Promise<void> {
    if (given) await this.five();
  }
}

class Other {
  only(): void {}
}
`;
  expect(membersOf(text)).toEqual([
    ["Some", 6],
    ["Other", 1],
  ]);
});

test("no class of the client has more members than one can keep in mind", () => {
  const paths = globSync("**/*.ts", { cwd: CLIENT }).filter((path) => !path.endsWith(".test.ts"));
  const classes = paths.flatMap((path) => membersOf(readFileSync(join(CLIENT, path), "utf8")));
  expect(classes.length).toBeGreaterThan(40);
  expect(classes.filter(([, members]) => members > MAX_MEMBERS)).toEqual([]);
});
