/** How the page's worker answers, whatever server and store do: they answer, refuse, hang or throw [DEV-14]. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerFile, answerPage, PAGE_PATIENCE_MS, KEPT_PATIENCE_MS } from "./answer-request.ts";
import { keepAll } from "./keep-all.ts";
import { type KeptFiles, wayOf } from "./kept-files.ts";

type Behaviour = "gives" | "nothing" | "throws" | "hangs";

const never = new Promise<never>(() => undefined);

function kept(how: Behaviour): () => Promise<Response | undefined> {
  return async () => {
    if (how === "hangs") return never;
    if (how === "throws") throw new Error("a broken store");
    return how === "gives" ? new Response("kept") : undefined;
  };
}

/** A response as fetch makes it: of the page's own origin unless it says something else. */
function answer(
  body: string,
  more: { status?: number; type?: string; redirected?: boolean; contentType?: string } = {},
) {
  const { status = 200, type = "basic", redirected = false, contentType = "text/javascript" } = more;
  const response = new Response(body, { status: Math.max(200, status), headers: { "content-type": contentType } });
  for (const [name, value] of Object.entries({ status, type, redirected })) {
    Object.defineProperty(response, name, { value });
  }
  return response;
}

/** A clock on which every wait ends in its turn, at once. */
function waits() {
  const waited: number[] = [];
  const wait = async (ms: number) => {
    await new Promise((resolve) => setTimeout(resolve, ms / 200));
    waited.push(ms);
  };
  return { waited, wait };
}

describe("[DEV-14] the page", () => {
  const behaviours = fc.constantFrom<Behaviour>("gives", "nothing", "throws", "hangs");
  const statuses = fc.constantFrom(0, 200, 302, 304, 401, 404, 500, 502, 503, "unreachable", "hangs");

  it("is the server's wherever that says something, else the kept one, and without one what the server came to", async () => {
    await fc.assert(
      fc.asyncProperty(behaviours, statuses, async (store, status) => {
        fc.pre(!(status === "hangs" && store !== "gives"));
        const ask = async () => {
          if (status === "hangs") return never;
          if (typeof status === "string") throw new TypeError("Failed to fetch");
          return answer("server's", { status, contentType: "text/html" });
        };
        const outcome = await answerPage({ ask, kept: kept(store), wait: waits().wait }).then(
          (response) => response.text(),
          () => "no page",
        );
        const isServers = typeof status === "number" && status < 500;
        const without = typeof status === "number" ? "server's" : "no page";
        expect(outcome).toBe(isServers ? "server's" : store === "gives" ? "kept" : without);
      }),
      { numRuns: 44 },
    );
  });

  it("is waited for, and then still, where nothing is kept", async () => {
    const { wait, waited } = waits();
    let asked = 0;
    const ask = async () => {
      asked++;
      await new Promise((resolve) => setTimeout(resolve, 60));
      return answer("late");
    };
    expect(await (await answerPage({ ask, kept: kept("hangs"), wait })).text()).toBe("late");
    expect(asked).toBe(1);
    expect(waited).toEqual([PAGE_PATIENCE_MS, KEPT_PATIENCE_MS]);
  });
});

describe("[DEV-14] a file", () => {
  async function fileWith(store: Behaviour, answered: Response, keepHow: Behaviour = "gives") {
    const stored: string[] = [];
    const keep = async (response: Response) => {
      if (keepHow === "hangs") return never;
      if (keepHow === "throws") throw new Error("no room");
      stored.push(await response.text());
      return undefined;
    };
    const ports = { ask: async () => answered, kept: kept(store), keep, wait: waits().wait };
    const text = await (await answerFile(ports)).text();
    await new Promise((resolve) => setTimeout(resolve, 0));
    return { text, stored };
  }

  it("is the kept one, else the server's, which is kept from then on, whatever the store does", async () => {
    expect(await fileWith("gives", answer("new"))).toEqual({ text: "kept", stored: [] });
    for (const store of ["nothing", "throws", "hangs"] as const) {
      expect(await fileWith(store, answer("new"))).toEqual({ text: "new", stored: ["new"] });
      for (const keeping of ["throws", "hangs"] as const) {
        expect(await fileWith(store, answer("new"), keeping)).toEqual({ text: "new", stored: [] });
      }
    }
  });

  it("is never kept where it is no file of the page: an error, a sign-in page in front, another origin's, a redirect's", async () => {
    for (const odd of [
      { status: 404 },
      { status: 206 },
      { contentType: "text/html; charset=utf-8" },
      { type: "opaque" },
      { redirected: true },
    ]) {
      expect(await fileWith("nothing", answer("odd", odd))).toEqual({ text: "odd", stored: [] });
    }
  });
});

const FILES: KeptFiles = { version: "1", entry: "/assets/index-1.js", paths: ["/", "/theme.js", "/assets/index-1.js"] };

describe("what the worker answers at all", () => {
  const ORIGIN = "https://chat.example";
  const asked = (url: string, more = {}) => ({
    method: "GET",
    mode: "cors",
    isRange: false,
    url: ORIGIN + url,
    ...more,
  });

  it("is the page and its files, and never a call of the API or anything else of the server", () => {
    const ways = (url: string, more = {}) => wayOf(asked(url, more), ORIGIN, FILES);
    const navigate = { mode: "navigate" };
    expect(["/", "/?a=b", "/c/1"].map((url) => ways(url, navigate))).toEqual(["page", "page", "page"]);
    expect(["/theme.js", "/assets/index-1.js", "/assets/other.js"].map((url) => ways(url))).toEqual([
      "file",
      "file",
      "file",
    ]);
    for (const path of ["/api/me", "/api/conversations/sync", "/healthz", "/service-worker.js", "/elsewhere", "/"]) {
      expect([path, ways(path)]).toEqual([path, null]);
    }
    for (const path of ["/api/export", "/metrics", "/elsewhere"]) {
      expect([path, ways(path, navigate)]).toEqual([path, null]);
    }
    expect(ways("/assets/index-1.js", { method: "POST" })).toBeNull();
    expect(ways("/assets/index-1.js", { isRange: true })).toBeNull();
    expect(wayOf({ ...asked("/"), url: "https://elsewhere.example/assets/a.js" }, ORIGIN, FILES)).toBeNull();
  });

  it("is no call of the API, whatever its method, mode and path", () => {
    const modes = fc.constantFrom("navigate", "cors", "same-origin", "no-cors");
    fc.assert(
      fc.property(fc.constantFrom("GET", "POST"), modes, fc.webPath(), (method, mode, path) => {
        expect(wayOf(asked(`/api${path}`, { method, mode }), ORIGIN, FILES)).toBeNull();
      }),
    );
  });
});

describe("[DEV-14] what is kept when a build is new", () => {
  async function keepWith(odd: Readonly<Record<string, Response | null>> = {}) {
    const stored: string[] = [];
    const asked: string[] = [];
    const page = answer(`<script src="${FILES.entry}">`, { contentType: "text/html" });
    const fetching = async (pathname: string, { cache, redirect }: RequestInit) => {
      asked.push(`${pathname} ${cache} ${redirect}`);
      const given = odd[pathname] === undefined ? (pathname === "/" ? page : answer(pathname)) : odd[pathname];
      if (given === null) throw new TypeError("Failed to fetch");
      return given;
    };
    const put = async (path: unknown) => void stored.push(String(path));
    const outcome = await keepAll(FILES, { fetch: fetching, open: async () => ({ put }) }).then(
      () => "kept",
      () => "refused",
    );
    return { outcome, stored, asked };
  }

  it("is all of it, asked anew where its name is not its content's", async () => {
    expect(await keepWith()).toEqual({
      outcome: "kept",
      stored: FILES.paths,
      asked: ["/ no-cache error", "/theme.js no-cache error", "/assets/index-1.js default error"],
    });
  });

  it("is nothing where a file is missing, another build's, or a sign-in page's", async () => {
    const html = { contentType: "text/html" };
    const oddities: Record<string, Response | null>[] = [
      { "/theme.js": null },
      { "/theme.js": answer("", { status: 404 }) },
      { "/assets/index-1.js": answer("<h1>Sign in</h1>", html) },
      { "/": answer("<h1>Sign in</h1>", html) },
      { "/": answer(`<script src="/assets/index-2.js">`, html) },
      { "/": answer(`<script src="${FILES.entry}">`, { ...html, redirected: true }) },
      { "/": answer(`<script src="${FILES.entry}">`, { ...html, status: 503 }) },
    ];
    for (const odd of oddities) expect(await keepWith(odd)).toMatchObject({ outcome: "refused", stored: [] });
  });
});
