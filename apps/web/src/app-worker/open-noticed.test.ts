/** Where a press on a notification leads, whatever is open and whatever the browser refuses. */
import { expect, test } from "vitest";
import { openNoticed } from "./open-noticed.ts";

const ORIGIN = "https://chat.example";

type Refused = "nothing" | "focus" | "hear" | "hear, navigate";

async function press(id: string, paths: readonly string[], refused: Refused = "nothing") {
  const done: string[] = [];
  const doing = (kind: string, what: string) => async () => {
    if (refused.includes(kind)) throw new Error("The browser refuses");
    done.push(`${kind} ${what}`);
  };
  const pages = paths.map((path) => ({
    url: ORIGIN + path,
    focus: doing("focus", path),
    navigate: (to: string) => doing("navigate", `${path} to ${to}`)(),
    postMessage: ({ kind, id: opened }: { kind: string; id: string }, [port]: MessagePort[]) => {
      if (refused.includes("hear")) return;
      done.push(`${kind} ${opened} in ${path}`);
      port?.postMessage(true);
    },
  }));
  const asked: unknown[] = [];
  const clients = {
    matchAll: async (how: object) => {
      asked.push(how);
      return pages;
    },
    openWindow: (to: string) => doing("open", to)(),
  };
  // Who hears answers, however long that takes; nobody else does.
  const wait = () => (refused.includes("hear") ? Promise.resolve() : Promise.withResolvers<void>().promise);
  await openNoticed(id, clients, wait);
  expect(asked).toEqual([{ type: "window", includeUncontrolled: true }]);
  return done;
}

test.each([
  { is: "it is shown in a page, which comes to the front", open: ["/", "/c/a"], done: ["focus /c/a"] },
  {
    is: "a page shows another, and goes on with what it is at",
    open: ["/c/b", "/"],
    done: ["focus /c/b", "open a in /c/b"],
  },
  {
    is: "a page shows another, and says nothing",
    open: ["/c/b"],
    refused: "hear",
    done: ["focus /c/b", "navigate /c/b to /c/a"],
  },
  { is: "no page is open", open: [], done: ["open /c/a"] },
  { is: "a page can't come to the front", open: ["/c/a"], refused: "focus", done: ["open /c/a"] },
  { is: "a page can't go there", open: ["/"], refused: "hear, navigate", done: ["focus /", "open /c/a"] },
] as const)("a press on a notification leads to the conversation where $is", async ({ done, ...of }) => {
  expect(await press("a", of.open, "refused" in of ? of.refused : "nothing")).toEqual(done);
});

test("whatever stands in a notification's tag leads to an address of the page's own", async () => {
  expect(await press("//evil.example/?x#y", [])).toEqual(["open /c/%2F%2Fevil.example%2F%3Fx%23y"]);
});
