import type { AccountId } from "@instep/protocol";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createAnswerCompressor } from "./compressed-answers.ts";

const accountId = "a" as AccountId;
const other = "b" as AccountId;
const limit = 1000;
const gzip = { "accept-encoding": "gzip, deflate, br" };

describe("compressed answers", () => {
  it.each(["gzip", "br, gzip;q=0.5", "*", "GZIP", "deflate,gzip"])("are made for %s", async (accepted) => {
    const compress = createAnswerCompressor();
    const asker = { accountId, limit, headers: { "accept-encoding": accepted } };
    expect(gunzipSync((await compress({ json: "{}", etag: null }, asker)) ?? "").toString()).toBe("{}");
  });

  it.each([undefined, "", "br", "identity", "gzip;q=0", "gzip; q=0.0", "xgzip"])(
    "are not made for %s",
    async (accepted) => {
      const compress = createAnswerCompressor();
      const headers = accepted === undefined ? {} : { "accept-encoding": accepted };
      expect(await compress({ json: "{}", etag: null }, { accountId, limit, headers })).toBeNull();
    },
  );

  it("[SYNC-8] are kept for those who asked last, sixteen of them", async () => {
    const compress = createAnswerCompressor();
    const ask = (n: number) => compress({ json: `answer ${n}`, etag: `"e.${n}"` }, { accountId, limit, headers: gzip });
    const made = [];
    for (let n = 0; n < 16; n++) made.push(await ask(n));
    expect(await ask(0)).toBe(made[0]);
    await ask(16);
    expect(await ask(0)).toBe(made[0]);
    expect(await ask(2)).toBe(made[2]);
    expect(await ask(1)).not.toBe(made[1]);
  });

  it("[SYNC-8] are made once for a clock, and apart for each account and limit", async () => {
    const compress = createAnswerCompressor();
    const first = await compress({ json: "one", etag: '"e.1"' }, { accountId, limit, headers: gzip });
    const again = await compress({ json: "one", etag: '"e.1"' }, { accountId, limit, headers: gzip });
    const otherAccount = await compress({ json: "two", etag: '"e.1"' }, { accountId: other, limit, headers: gzip });
    const otherPage = await compress({ json: "three", etag: '"e.1"' }, { accountId, limit: 1, headers: gzip });
    const later = await compress({ json: "four", etag: '"e.2"' }, { accountId, limit, headers: gzip });
    expect(again).toBe(first);
    expect([otherAccount, otherPage, later].map((bytes) => gunzipSync(bytes ?? "").toString())).toEqual([
      "two",
      "three",
      "four",
    ]);
  });
});
