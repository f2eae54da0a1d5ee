import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createAnswerCompressor } from "./compressed-answers.ts";

const gzip = { "accept-encoding": "gzip, deflate, br" };

describe("compressed answers", () => {
  it.each([
    "gzip",
    "br, gzip;q=0.5",
    "*",
    "GZIP",
    "deflate,gzip",
    "*;q=0, gzip",
    "gzip;q=1.0, *;q=0",
    "br;q=0, *;q=0.1",
  ])("are made for %s", async (accepted) => {
    const compress = createAnswerCompressor();
    const headers = { "accept-encoding": accepted };
    expect(gunzipSync((await compress({ json: "{}", etag: null }, headers)) ?? "").toString()).toBe("{}");
  });

  it.each([
    undefined,
    "",
    "br",
    "identity",
    "gzip;q=0",
    "gzip; q=0.0",
    "xgzip",
    "gzipped",
    "*;q=0",
    "gzip;q=0, *",
    "*, gzip;q=0",
    "br, GZIP ; Q=0.000 , *;q=0.5",
  ])("are not made for %s", async (accepted) => {
    const compress = createAnswerCompressor();
    const headers = accepted === undefined ? {} : { "accept-encoding": accepted };
    expect(await compress({ json: "{}", etag: null }, headers)).toBeNull();
  });

  it("[SYNC-8] are kept for those who asked last, sixteen of them", async () => {
    const compress = createAnswerCompressor();
    const ask = (n: number) => compress({ json: `answer ${n}`, etag: `"e.${n}"` }, gzip);
    const made = [];
    for (let n = 0; n < 16; n++) made.push(await ask(n));
    expect(await ask(0)).toBe(made[0]);
    await ask(16);
    expect(await ask(0)).toBe(made[0]);
    expect(await ask(2)).toBe(made[2]);
    expect(await ask(1)).not.toBe(made[1]);
  });

  it("[SYNC-8] are made once for what they say, and none stands for another of the same clock", async () => {
    const compress = createAnswerCompressor();
    const etag = '"e.1"';
    const first = await compress({ json: "one", etag }, gzip);
    expect(await compress({ json: "one", etag }, gzip)).toBe(first);
    const others = [await compress({ json: "two", etag }, gzip), await compress({ json: "three", etag }, gzip)];
    expect(others.map((bytes) => gunzipSync(bytes ?? "").toString())).toEqual(["two", "three"]);
  });
});
