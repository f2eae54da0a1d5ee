/** A subscription that the browser changed by itself. */
import { expect, test } from "vitest";
import { renewPush } from "./renew-push.ts";

const subscription = (endpoint: string, applicationServerKey: ArrayBuffer | null = new ArrayBuffer(65)) => ({
  endpoint,
  options: { applicationServerKey },
  toJSON: () => ({ keys: { p256dh: `p of ${endpoint}`, auth: "a" } }),
});

async function renewed(change: Partial<Parameters<typeof renewPush<ReturnType<typeof subscription>>>[0]>) {
  const done: unknown[] = [];
  await renewPush({
    old: subscription("old"),
    next: null,
    subscribe: async (key) => {
      done.push(`subscribe by ${key.byteLength}`);
      return subscription("made");
    },
    post: async (body) => done.push(body),
    ...change,
  });
  return done;
}

test("[PUSH-1] the new one takes the place of the old, and is made with the same key where the browser has made none", async () => {
  const body = (endpoint: string) => ({ endpoint, keys: { p256dh: `p of ${endpoint}`, auth: "a" }, replaces: "old" });
  expect(await renewed({ next: subscription("next") })).toEqual([body("next")]);
  expect(await renewed({})).toEqual(["subscribe by 65", body("made")]);
});

test("[PUSH-1] without the old one nothing is told: nobody knows whose it was", async () => {
  for (const old of [null, undefined, subscription("old", null)]) {
    expect(await renewed({ old, next: subscription("next") })).toEqual([]);
  }
});
