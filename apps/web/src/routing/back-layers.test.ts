/** Layers in the browser's history, against a history whose traversals take their time as a browser's do. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type BackLayers, createBackLayers } from "./back-layers.ts";

interface Entry {
  readonly state: unknown;
  readonly path: string;
}

/** A tab: its history, a page of addresses in it, and layers that its person opens and closes. */
class Tab {
  entries: Entry[] = [{ state: null, path: "/" }];
  at = 0;
  readonly open: number[] = [];
  isTouch = true;
  #traversals: number[] = [];
  readonly #timers: (() => void)[] = [];
  readonly #leave = new Map<number, () => void>();
  #opened = 0;
  layers: BackLayers;

  constructor() {
    this.layers = this.load();
  }

  /** The page, loaded anew where the tab stands. */
  load(): BackLayers {
    const of = (): Entry => this.entries[this.at] ?? { state: null, path: "" };
    const history = {
      get state(): unknown {
        return of().state;
      },
      pushState: (state: unknown) => this.#write(this.at + 1, { state, path: of().path }),
      go: (delta: number) => void this.#traversals.push(delta),
    };
    const after = (_ms: number, callback: () => void): void => void this.#timers.push(callback);
    this.layers = createBackLayers({ history, isWanted: () => this.isTouch, after });
    return this.layers;
  }

  get path(): string {
    return this.entries[this.at]?.path ?? "";
  }

  enter(): void {
    const id = ++this.#opened;
    this.open.push(id);
    this.#leave.set(
      id,
      this.layers.enter(() => this.close(id)),
    );
  }

  close(id: number): void {
    this.open.splice(this.open.indexOf(id), 1);
    this.#leave.get(id)?.();
  }

  /** Opens another address from wherever one is, which closes all that lies over the page. */
  navigate(path: string): void {
    this.layers.whenStill(() => {
      this.#write(this.layers.isAtEntry() ? this.at : this.at + 1, { state: null, path });
      this.layers.settle();
    });
    for (const id of this.open.toReversed()) this.close(id);
  }

  go(delta: number): void {
    this.#traversals.push(delta);
  }

  /** The page reloads: nothing lies over it any more. */
  reload(): void {
    this.open.length = 0;
    this.#traversals = [];
    this.load();
  }

  /** Until the browser has done what it was asked to. */
  async rest(): Promise<void> {
    for (let turn = 0; turn < 40; turn++) {
      for (let task = 0; task < 4; task++) await Promise.resolve();
      const delta = this.#traversals.shift();
      if (delta === undefined) continue;
      const target = this.at + delta;
      if (target < 0 || target >= this.entries.length) continue;
      this.at = target;
      this.layers.follow();
    }
  }

  /** Time goes by: whatever waits for a traversal gives it up. */
  lapse(): void {
    for (const timer of this.#timers.splice(0)) timer();
  }

  #write(at: number, entry: Entry): void {
    this.entries = [...this.entries.slice(0, at), entry];
    this.at = at;
  }
}

test("patience with one traversal is not over for the next one, which may still be on its way", async () => {
  let state: unknown = { layers: 2 };
  const gone: number[] = [];
  const timers: (() => void)[] = [];
  const history = {
    get state(): unknown {
      return state;
    },
    pushState: (next: unknown) => void (state = next),
    go: (delta: number) => void gone.push(delta),
  };
  const layers = createBackLayers({ history, isWanted: () => true, after: (_ms, late) => void timers.push(late) });
  const rest = async (): Promise<void> => {
    for (let task = 0; task < 8; task++) await Promise.resolve();
  };
  await rest();
  expect(gone).toEqual([-2]);
  state = { layers: 1 };
  layers.follow();
  await rest();
  expect(gone).toEqual([-2, -1]);
  let acted = 0;
  layers.whenStill(() => void acted++);
  timers[0]?.();
  expect(acted).toBe(0);
  timers[1]?.();
  expect(acted).toBe(1);
});

test("Back closes the topmost layer alone, then the next one, and then leaves the page", async () => {
  const tab = new Tab();
  tab.navigate("/c/a");
  await tab.rest();
  for (let layer = 0; layer < 3; layer++) tab.enter();
  await tab.rest();
  const seen: unknown[] = [];
  for (let press = 0; press < 4; press++) {
    tab.go(-1);
    await tab.rest();
    seen.push([[...tab.open], tab.path]);
  }
  expect(seen).toEqual([
    [[1, 2], "/c/a"],
    [[1], "/c/a"],
    [[], "/c/a"],
    [[], "/"],
  ]);
});

test("what closes one layer and opens another in one press changes no entry", async () => {
  const tab = new Tab();
  tab.enter();
  await tab.rest();
  const before = tab.entries;
  tab.close(1);
  tab.enter();
  await tab.rest();
  expect([tab.entries, tab.at]).toEqual([before, 1]);
  tab.go(-1);
  await tab.rest();
  expect([tab.open, tab.at]).toEqual([[], 0]);
});

test("an address that is opened while a layer's entry is still on its way out is not carried away with it", async () => {
  const tab = new Tab();
  tab.enter();
  await tab.rest();
  tab.close(1);
  for (let task = 0; task < 4; task++) await Promise.resolve();
  tab.navigate("/c/a");
  expect(tab.path).toBe("/");
  await tab.rest();
  expect([tab.path, tab.entries.map(({ path }) => path)]).toEqual(["/c/a", ["/", "/c/a"]]);
});

test("a traversal of which nothing is heard keeps no address from being opened", async () => {
  const tab = new Tab();
  tab.entries = [{ state: { layers: 1 }, path: "/" }];
  tab.load();
  await tab.rest();
  tab.navigate("/c/a");
  expect(tab.path).toBe("/");
  tab.lapse();
  expect(tab.path).toBe("/c/a");
});

test("with a mouse layers take no entries, and what is forward stays", async () => {
  const tab = new Tab();
  tab.navigate("/c/a");
  tab.go(-1);
  await tab.rest();
  tab.isTouch = false;
  tab.enter();
  await tab.rest();
  tab.close(1);
  await tab.rest();
  expect(tab.entries.map(({ path }) => path)).toEqual(["/", "/c/a"]);
});

test("an entry keeps what else it says under its layers", async () => {
  const tab = new Tab();
  tab.entries = [{ state: { foundSeq: 3 }, path: "/c/a" }];
  tab.enter();
  await tab.rest();
  expect(tab.entries[1]?.state).toEqual({ foundSeq: 3, layers: 1 });
});

const DEED = fc.constantFrom("enter", "close", "close lowest", "back", "forward", "navigate", "reload", "rest");

test("whatever is opened, closed, gone to and reloaded, in whatever haste: at rest, Back closes the topmost layer, and without one leaves the address", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(DEED, { maxLength: 30 }), async (deeds) => {
      const tab = new Tab();
      for (const [index, deed] of deeds.entries()) {
        if (deed === "enter") tab.enter();
        if (deed === "close") tab.open.slice(-1).forEach((id) => tab.close(id));
        if (deed === "close lowest") tab.open.slice(0, 1).forEach((id) => tab.close(id));
        if (deed === "back") tab.go(-1);
        if (deed === "forward") tab.go(1);
        if (deed === "navigate") tab.navigate(`/c/${index}`);
        if (deed === "reload") tab.reload();
        if (deed === "rest") await tab.rest();
      }
      await tab.rest();
      const { open, path } = tab;
      const before = [...open];
      expect(depthAt(tab)).toBe(before.length);
      while (open.length > 0) {
        const expected = open.slice(0, -1);
        tab.go(-1);
        await tab.rest();
        expect([open, tab.path, depthAt(tab)]).toEqual([expected, path, expected.length]);
      }
      tab.go(-1);
      await tab.rest();
      expect(depthAt(tab)).toBe(0);
      if (tab.path === path) expect(tab.at).toBe(0);
    }),
    { numRuns: 300 },
  );
});

function depthAt({ entries, at }: Tab): number {
  const state = entries[at]?.state;
  return typeof state === "object" && state !== null && "layers" in state ? Number(state.layers) : 0;
}
