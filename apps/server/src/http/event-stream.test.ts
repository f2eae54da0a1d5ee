import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import type { TurnEvent } from "@instep/protocol";
import { afterEach, describe, expect, it } from "vitest";
import { encodeEvent, formatEvent, sendEvents } from "./event-stream.ts";
import { abortOnClose } from "./backpressure.ts";

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

function token(id: number, text: string): TurnEvent {
  return { id, event: "token", data: { text } };
}

/** Serves these events to whoever asks, and tells which answer it was once the sending is over. */
async function serve(
  events: (signal: AbortSignal) => AsyncIterable<TurnEvent>,
  heartbeatMs: number,
  stalledMs = 60_000,
) {
  const { promise: sent, resolve } = Promise.withResolvers<ServerResponse>();
  const serving = createServer((_request, response) => {
    const signal = abortOnClose(response);
    void sendEvents(response, events(signal), { signal, heartbeatMs, stalledMs }).then(() => resolve(response));
  });
  server = serving;
  serving.listen(0, "127.0.0.1");
  await once(serving, "listening");
  return { port: (serving.address() as AddressInfo).port, sent };
}

describe("encodeEvent", () => {
  it("[SAFE-2] makes the bytes of a long event once for all its readers, and they are what is written of any event", () => {
    const message = {
      id: "00000000-0000-4000-8000-000000000001",
      conversation_id: "00000000-0000-4000-8000-000000000002",
      seq: 2,
      role: "assistant",
      content: "é".repeat(100_000),
      created_at: "2026-01-01T12:00:00.000000Z",
      status: "complete",
    } as const;
    const counts = { message_count: 2, last_seq: 2, title: "", updated_at: message.created_at };
    const end: TurnEvent = { id: 9, event: "done", data: { message, ...counts } };
    expect(encodeEvent(end)).toBe(encodeEvent(end));
    expect(encodeEvent(end).toString()).toBe(formatEvent(end));
    expect(encodeEvent(token(2, "short"))).toBe(formatEvent(token(2, "short")));
  });
});

describe("abortOnClose", () => {
  it("[TURN-2] is aborted already where the reader has gone before anybody listened", async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const serving = createServer((_request, response) => {
      response.once("close", () => setImmediate(() => resolve(abortOnClose(response).aborted)));
      response.destroy();
    });
    server = serving;
    serving.listen(0, "127.0.0.1");
    await once(serving, "listening");
    const socket = connect((serving.address() as AddressInfo).port, "127.0.0.1");
    socket.on("error", () => socket.destroy());
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await promise).toBe(true);
    socket.destroy();
  });
});

describe("sendEvents", () => {
  it("writes id, event and data in lines of their own, on one line each whatever the text", () => {
    expect(formatEvent(token(7, "a\nb\r\n\u{2028}c"))).toBe(
      'id: 7\nevent: token\ndata: {"text":"a\\nb\\r\\n\u{2028}c"}\n\n',
    );
  });

  it("sends a comment line in silence, so that no proxy takes it for dead", async () => {
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    const { port } = await serve(async function* () {
      yield token(1, "one");
      await enough;
      yield token(2, "two");
    }, 5);
    const response = await fetch(`http://127.0.0.1:${port}`);
    let text = "";
    for await (const bytes of response.body ?? []) {
      text += new TextDecoder().decode(bytes);
      if (text.includes(": still here\n\n")) resolve();
    }
    expect(text).toContain("id: 1\n");
    expect(text.indexOf(": still here")).toBeLessThan(text.indexOf("id: 2\n"));
  });

  it("[TURN-2] beats no more once it has ended, however it ended", async () => {
    async function* ended() {
      yield token(1, "one");
    }
    async function* failed() {
      yield token(1, "one");
      throw new Error("the database is gone");
    }
    for (const events of [ended, failed]) {
      const written: unknown[] = [];
      const { promise: over, resolve } = Promise.withResolvers<void>();
      const serving = createServer((_request, response) => {
        const sending = sendEvents(response, events(), { signal: abortOnClose(response), heartbeatMs: 1 });
        const end = () => {
          response.write = (chunk: unknown) => written.push(chunk) > 0;
          resolve();
        };
        sending.then(end, end);
      });
      serving.listen(0, "127.0.0.1");
      await once(serving, "listening");
      await (await fetch(`http://127.0.0.1:${(serving.address() as AddressInfo).port}`)).text();
      await over;
      // A timer that began later and is as long as twenty beats fires behind all of them.
      await delay(20);
      expect(written).toEqual([]);
      serving.closeAllConnections();
      serving.close();
    }
  });

  it("[TURN-2] ends when its reader goes, without waiting for the next event", async () => {
    const { port, sent } = await serve(async function* (signal) {
      yield token(1, "one");
      await once(signal, "abort");
    }, 1000);
    const controller = new AbortController();
    const response = await fetch(`http://127.0.0.1:${port}`, { signal: controller.signal });
    await response.body?.getReader().read();
    controller.abort();
    await sent;
  });

  it("waits for a reader that is slower than the reply, and ends when that reader goes", async () => {
    let produced = 0;
    const { port, sent } = await serve(async function* (signal) {
      for (; !signal.aborted && produced < 100_000; produced++) yield token(produced + 1, "x".repeat(10_000));
    }, 1000);
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "readable");
    for (let still = 0, last = 0; still < 500; last = produced) {
      await nextTurn();
      still = produced === last ? still + 1 : 0;
    }
    expect(produced).toBeLessThan(10_000);
    socket.destroy();
    await sent;
    expect(produced).toBeLessThan(10_000);
  });

  it("cuts off a reader that takes nothing any more", async () => {
    async function* endless(signal: AbortSignal) {
      for (let id = 1; !signal.aborted; id++) yield token(id, "x".repeat(10_000));
    }
    const { port, sent } = await serve(endless, 1000, 20);
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => socket.destroy());
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect((await sent).destroyed).toBe(true);
    socket.destroy();
  });

  it("[SAFE-2] gives others a turn again and again while it writes, also where the connection takes all of it at once", async () => {
    let turn = 0;
    let next = setImmediate(function count() {
      turn += 1;
      next = setImmediate(count);
    });
    const turns = new Set<number>();
    async function* events() {
      for (let id = 1; id <= 500; id++) {
        turns.add(turn);
        yield token(id, "x".repeat(2000));
      }
    }
    const { port, sent } = await serve(events, 60_000);
    await (await fetch(`http://127.0.0.1:${port}`)).text();
    await sent;
    clearImmediate(next);
    expect(turns.size).toBeGreaterThan(10);
  });
});
