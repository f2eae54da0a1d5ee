import { parseTimestamp } from "@instep/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSyncQueryParser, parseSyncQuery } from "./parse-sync-query.ts";

const DEFAULTS = { since: null, full: false, epoch: null, waitS: 0, limit: 1000, page: null, ifNoneMatch: null };

function parse(search: string) {
  return parseSyncQuery({ search, ifNoneMatch: null });
}

describe("parseSyncQuery", () => {
  it("[SYNC-1] asks for everything where nothing is given", () => {
    expect(parse("")).toEqual(DEFAULTS);
  });

  it("[SYNC-7] reads every parameter at once", () => {
    const since = "2026-01-01T12:00:00.123456Z";
    const search = `since=${since}&full=1&epoch=e1&wait=25&limit=5000&page=abc`;
    expect(parseSyncQuery({ search, ifNoneMatch: '"e1-5"' })).toEqual({
      since: parseTimestamp(since),
      full: true,
      epoch: "e1",
      waitS: 25,
      limit: 5000,
      page: "abc",
      ifNoneMatch: '"e1-5"',
    });
  });

  it.each([
    ["2026-01-01T12:00:00Z", "2026-01-01T12:00:00.000000Z"],
    ["2026-01-01T12:00:00", "2026-01-01T12:00:00.000000Z"],
    ["2026-01-01T12:00:00.5", "2026-01-01T12:00:00.500000Z"],
    ["2026-01-01T14:00:00.000001%2B02:00", "2026-01-01T12:00:00.000001Z"],
    ["2026-01-01T14:00:00+02:00", "2026-01-01T12:00:00.000000Z"],
    ["2026-01-01T14:00:00+0200", "2026-01-01T12:00:00.000000Z"],
    ["2026-01-01T10:30:00-01:30", "2026-01-01T12:00:00.000000Z"],
    ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"],
  ])("[SYNC-7] reads since=%s with or without fraction, Z, an offset or none", (text, instant) => {
    expect(parse(`since=${text}`)).toMatchObject({ since: parseTimestamp(instant) });
  });

  it.each([
    ["since", "yesterday"],
    ["since", ""],
    ["since", "2026-02-30T00:00:00Z"],
    ["since", "2026-01-01T25:00:00Z"],
    ["since", "2026-01-01"],
    ["since", "1767268800"],
    ["since", "2026-01-01T12:00:00%2B99:00"],
    ["full", "yes"],
    ["full", "TRUE"],
    ["full", ""],
    ["epoch", ""],
    ["wait", "-1"],
    ["wait", "61"],
    ["wait", "1.5"],
    ["wait", ""],
    ["wait", "0x10"],
    ["wait", "1e1"],
    ["wait", "%20 5"],
    ["limit", "0"],
    ["limit", "5001"],
    ["limit", "ten"],
    ["limit", "NaN"],
    ["limit", "99999999999999999999"],
    ["page", ""],
  ])("[SYNC-7] refuses %s=%s, naming the parameter", (name, value) => {
    const refusal = parse(`${name}=${value}`);
    expect(refusal).toMatchObject({ refused: "invalid_parameter", members: { parameter: name } });
    expect(refusal).toHaveProperty("detail", expect.stringMatching(new RegExp(`^${name} .+`)));
  });

  it("[SYNC-7] checks since also where full=true leaves it unused", () => {
    expect(parse("full=true&since=garbage")).toMatchObject({ members: { parameter: "since" } });
  });

  it("[SYNC-7] checks wait also where no since lets it hold", () => {
    expect(parse("wait=999")).toMatchObject({ members: { parameter: "wait" } });
  });

  it.each(["since=2026-01-01T12:00:00Z&since=2026-01-01T12:00:00Z", "limit=1&limit=1", "page=a&page=a"])(
    "[SYNC-7] refuses a parameter that is given twice: %s",
    (search) => {
      expect(parse(search)).toMatchObject({ refused: "invalid_parameter", detail: expect.stringContaining("once") });
    },
  );

  it("[SYNC-7] ignores parameters that it doesn't know, also repeated ones", () => {
    expect(parse("foo=1&foo=2&Since=x&%00=")).toEqual(DEFAULTS);
  });

  it("[SYNC-7] gives a question or a refusal for any query, and never throws", () => {
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom("1", "true", "2026-01-01T00:00"),
    );
    const name = fc.constantFrom("since", "full", "epoch", "wait", "limit", "page", "other");
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), fc.boolean(), (pairs, escaped) => {
        const search = pairs.map(
          ([name, text]) => `${name}=${escaped ? encodeURIComponent(text.toWellFormed()) : text}`,
        );
        const outcome = parse(search.join("&"));
        const isRefused = "refused" in outcome && outcome.refused === "invalid_parameter";
        expect(isRefused || ("limit" in outcome && outcome.limit >= 1 && outcome.waitS <= 60)).toBe(true);
      }),
    );
  });
});

describe("a parser that remembers", () => {
  it("[SAFE-2] keeps what a device asks, and nothing long that somebody else might send", () => {
    const parse = createSyncQueryParser();
    const ask = (search: string) => parse({ search, ifNoneMatch: null });
    const short = "since=2026-01-01T12:00:00Z&epoch=abcdefgh&wait=25";
    expect(ask(short)).toBe(ask(short));
    const long = `${short}&other=${"x".repeat(15_000)}`;
    expect(ask(long)).not.toBe(ask(long));
    expect(ask(long)).toEqual(ask(short));
  });

  it("[SYNC-7] gives what a fresh one gives, also for a question asked before, with another ETag or refused", () => {
    const parse = createSyncQueryParser();
    const searches = ["", "since=2026-01-01T12:00:00Z", "limit=0", "since=2026-01-01T12:00:01Z", "limit=0", ""];
    for (const search of searches) {
      for (const ifNoneMatch of [null, '"a"', '"b"']) {
        const request = { search, ifNoneMatch };
        expect(parse(request)).toEqual(parseSyncQuery(request));
      }
    }
  });
});
