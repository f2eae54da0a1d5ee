/** Server-sent events, cut anywhere. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SseParser } from "./sse-parser.ts";

const TEXT =
  'id: 1\nevent: start\ndata: {"a":1}\n\n: heartbeat\n\nid:2\r\nevent:token\r\ndata: one\r\ndata: two\r\n\r\nid: 3\rdata: x\r\rretry: 5\n\nid: 4\nevent: token\ndata: last\n\n';
const EVENTS = [
  { id: "1", event: "start", data: '{"a":1}' },
  { id: "2", event: "token", data: "one\ntwo" },
  { id: "3", event: "message", data: "x" },
  { id: "4", event: "token", data: "last" },
];

describe("the parser", () => {
  it("reads the same events wherever the text is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (sizes) => {
        const parser = new SseParser();
        const events = [];
        for (let at = 0, piece = 0; at < TEXT.length; piece++) {
          const size = sizes[piece % sizes.length] ?? 1;
          events.push(...parser.push(TEXT.slice(at, at + size)));
          at += size;
        }
        expect(events).toEqual(EVENTS);
      }),
    );
  });

  it("gives no event that has not ended", () => {
    expect(new SseParser().push("id: 1\nevent: token\ndata: x\n")).toEqual([]);
  });
});
