import { gzipSync } from "node:zlib";
import { expect, test } from "../harness/test.ts";

/** What a page may load of scripts before it shows anything, compressed; what is over it has to load when it is needed. */
const MOST_BYTES = 100_000;
const SCRIPT = /<(?:script[^>]*\ssrc|link[^>]*rel="modulepreload"[^>]*\shref)="([^"]+\.js)"/g;

test("the scripts that the page begins with stay within a hundred kilobytes", async ({ server, request }) => {
  const html = await (await request.get(server.url)).text();
  const paths = [...html.matchAll(SCRIPT)].map(([, path = ""]) => path);
  expect(paths.length).toBeGreaterThan(0);
  const sizes = await Promise.all(
    paths.map(async (path) => {
      const script = await request.get(new URL(path, server.url).href);
      return gzipSync(await script.body(), { level: 9 }).length;
    }),
  );
  expect(sizes.reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(MOST_BYTES);
});
