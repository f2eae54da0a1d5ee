/** A file that is made while it is sent, over a real connection: whole, or told apart from whole. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { abortOnClose } from "./backpressure.ts";
import { sendDownload } from "./text-download.ts";

let server: Server;

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

interface Served {
  readonly url: string;
  /** How the sending ended. */
  readonly ended: Promise<"ended" | "threw">;
}

async function serve(pieces: () => AsyncIterable<string>, stalledMs?: number): Promise<Served> {
  const ended = Promise.withResolvers<"ended" | "threw">();
  server = createServer((_request, response) => {
    const file = { fileName: "a.json", contentType: "application/json", pieces: pieces() };
    const options = { ...file, signal: abortOnClose(response), ...(stalledMs !== undefined && { stalledMs }) };
    sendDownload(response, options).then(
      () => ended.resolve("ended"),
      () => ended.resolve("threw"),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ended: ended.promise };
}

const PIECE = "x".repeat(1_000_000);

/** Pieces without end; tells whether its maker was let go. */
function endless() {
  const state = { made: 0, isLetGo: false };
  async function* pieces(): AsyncGenerator<string> {
    try {
      for (;;) {
        state.made += 1;
        yield PIECE;
      }
    } finally {
      state.isLetGo = true;
    }
  }
  return { pieces, state };
}

test("[SIGN-9] a long one arrives whole, under its name", async () => {
  const { url, ended } = await serve(async function* () {
    for (let piece = 0; piece < 30; piece += 1) yield PIECE;
  });
  const response = await fetch(url);
  await sleep(50);
  expect((await response.text()).length).toBe(30_000_000);
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="a.json"');
  expect(await ended).toBe("ended");
});

test("[SIGN-9] one that can't be made to its end is cut, so that nobody takes it for whole", async () => {
  const { url, ended } = await serve(async function* () {
    yield "some";
    await sleep(20);
    throw new Error("the database is gone");
  });
  const response = await fetch(url);
  await expect(response.text()).rejects.toThrow();
  expect(await ended).toBe("threw");
});

test("[SIGN-9] [SAFE-2] who reads nothing any more is cut off, who goes away is noticed, and nothing is made for either", async () => {
  const stalled = endless();
  const { url, ended } = await serve(stalled.pieces, 100);
  const response = await fetch(url);
  expect(await ended).toBe("ended");
  expect(stalled.state.isLetGo).toBe(true);
  await expect(response.text()).rejects.toThrow();
  server.close();

  const left = endless();
  const other = await serve(left.pieces);
  const controller = new AbortController();
  const reader = (await fetch(other.url, { signal: controller.signal })).body?.getReader();
  await reader?.read();
  controller.abort();
  expect(await other.ended).toBe("ended");
  const { made } = left.state;
  await sleep(50);
  expect([left.state.isLetGo, left.state.made]).toEqual([true, made]);
});

test("[SIGN-9] [SAFE-2] whoever else asks has a turn between two pieces, also where the connection takes all of them at once", async () => {
  let turn = 0;
  let next = setImmediate(function count() {
    turn += 1;
    next = setImmediate(count);
  });
  const turns: number[] = [];
  const { url, ended } = await serve(async function* () {
    for (let piece = 0; piece < 8; piece += 1) {
      turns.push(turn);
      yield "x".repeat(100_000);
    }
  });
  await (await fetch(url)).text();
  clearImmediate(next);
  expect(await ended).toBe("ended");
  expect(new Set(turns).size).toBe(turns.length);
});
