/** Who looks: what a device has open or asked lately decides, for its own account alone. */
import type { AccountId } from "@instep/protocol";
import { expect, test } from "vitest";
import { createPresence, LOOKED_MS, MAX_DEVICES, POLLED_MS } from "./presence.ts";

const ANN = "ann" as AccountId;
const BOB = "bob" as AccountId;

function world() {
  let now = 1_000_000;
  const presence = createPresence(() => now);
  return { presence, pass: (ms: number) => (now += ms) };
}

test("[PUSH-1] nobody looks who has asked nothing", () => {
  expect(world().presence.looks(ANN)).toBe(false);
});

test("[PUSH-1] a device looks while it holds a question or watches a reply, five seconds longer, and only for its account", () => {
  const { presence, pass } = world();
  const end = presence.beginQuestion(ANN, "phone");
  pass(3_600_000);
  expect([presence.looks(ANN), presence.looks(BOB)]).toEqual([true, false]);
  end();
  pass(LOOKED_MS - 1);
  expect(presence.looks(ANN)).toBe(true);
  pass(1);
  expect(presence.looks(ANN)).toBe(false);
});

test("[PUSH-1] of what a device has open the last one counts, and an end counts once", () => {
  const { presence, pass } = world();
  const [held, watched] = [presence.beginQuestion(ANN, "phone"), presence.beginWatching(ANN, "phone")];
  held();
  held();
  pass(2 * LOOKED_MS);
  expect(presence.looks(ANN)).toBe(true);
  watched();
  pass(LOOKED_MS);
  expect(presence.looks(ANN)).toBe(false);
});

test("[PUSH-1] a device that polls looks until its next question would be due", () => {
  const { presence, pass } = world();
  presence.noteQuestion(ANN, "phone");
  pass(POLLED_MS - 1);
  expect(presence.looks(ANN)).toBe(true);
  pass(1);
  expect(presence.looks(ANN)).toBe(false);
});

test("[PUSH-1] a device that polls goes on looking when a reply that it watched has ended, and one that watches looks", () => {
  const { presence, pass } = world();
  presence.noteQuestion(ANN, "phone");
  presence.beginWatching(ANN, "phone")();
  pass(LOOKED_MS);
  expect(presence.looks(ANN)).toBe(true);
  presence.noteQuestion(ANN, "phone");
  pass(POLLED_MS - 1);
  const end = presence.beginWatching(ANN, "phone");
  pass(POLLED_MS);
  expect(presence.looks(ANN)).toBe(true);
  end();
  pass(LOOKED_MS);
  expect(presence.looks(ANN)).toBe(false);
});

test("[PUSH-1] a device that has held a question is hidden when it holds none, whatever it asked before; another one goes on looking", () => {
  const { presence, pass } = world();
  presence.noteQuestion(ANN, "phone");
  presence.beginQuestion(ANN, "phone")();
  pass(LOOKED_MS);
  expect(presence.looks(ANN)).toBe(false);
  presence.noteQuestion(ANN, "phone");
  expect(presence.looks(ANN)).toBe(false);
  presence.noteQuestion(ANN, "desk");
  presence.beginQuestion(ANN, "phone")();
  pass(LOOKED_MS);
  expect(presence.looks(ANN)).toBe(true);
});

test("[PUSH-1] devices that look no more are forgotten, and those that look are not", () => {
  const { presence, pass } = world();
  const end = presence.beginQuestion(ANN, "phone");
  for (let device = 0; device < 20_000; device += 1) presence.noteQuestion(BOB, String(device));
  expect(presence.looks(BOB)).toBe(true);
  pass(POLLED_MS);
  presence.noteQuestion(BOB, "one more");
  expect([presence.looks(ANN), presence.looks(BOB)]).toEqual([true, true]);
  end();
  pass(POLLED_MS);
  expect([presence.looks(ANN), presence.looks(BOB)]).toEqual([false, false]);
});

test("[PUSH-1] devices that look no more are forgotten when there are very many, those that look are not", () => {
  const { presence, pass } = world();
  presence.beginQuestion(ANN, "phone")();
  pass(LOOKED_MS);
  // It has held a question: what it asks besides is no look.
  presence.noteQuestion(ANN, "phone");
  expect(presence.looks(ANN)).toBe(false);
  presence.beginQuestion(BOB, "desk");
  for (let device = 0; device < MAX_DEVICES; device += 1) presence.noteQuestion(BOB, `of a program ${device}`);
  // As one that was never seen.
  presence.noteQuestion(ANN, "phone");
  expect(presence.looks(ANN)).toBe(true);
  pass(POLLED_MS);
  expect([presence.looks(ANN), presence.looks(BOB)]).toEqual([false, true]);
});
