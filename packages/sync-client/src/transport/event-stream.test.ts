import { describe, expect, it } from "vitest";
import { eventStreamOf } from "./event-stream.ts";

const TEXT = "Grüße — 你好, 👋🏽 naïve";

/** The bytes of one token event, cut at every place. */
function bodyCutAt(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
}

describe("a reply's events out of bytes", () => {
  const bytes = new TextEncoder().encode(`id: 2\nevent: token\ndata: ${JSON.stringify({ text: TEXT })}\n\n`);

  it("[TURN-4] are whole wherever the bytes were cut, within a character too", async () => {
    for (let size = 1; size <= bytes.length; size++) {
      const stream = eventStreamOf(bodyCutAt(bytes, size), () => {});
      let event = await stream.next();
      while (event === "alive") event = await stream.next();
      expect(event).toEqual({ id: 2, event: "token", data: { text: TEXT } });
      expect(await stream.next()).toBeNull();
    }
  });

  it("pass over what is unknown or unreadable, as a sign of life", async () => {
    const odd = new TextEncoder().encode(
      `: ping\n\nid: 1\nevent: news\ndata: {}\n\nid: 2\nevent: token\ndata: {"te\n\nid: 3\nevent: token\ndata: null\n\n`,
    );
    const stream = eventStreamOf(bodyCutAt(odd, odd.length), () => {});
    expect(await stream.next()).toBe("alive");
    expect(await stream.next()).toBeNull();
  });

  it("end where the connection breaks", async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("cut")) });
    let aborted = 0;
    const stream = eventStreamOf(broken, () => (aborted += 1));
    expect(await stream.next()).toBeNull();
    stream.close();
    expect(aborted).toBe(1);
  });
});
