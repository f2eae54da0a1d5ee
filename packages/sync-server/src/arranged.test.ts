/** What stands at the end of an imported conversation, by the plain definition of it and in bounded work. */
import type { ConversationId, Micros, VersionId } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { arranged } from "./arranged.ts";
import type { ImportedConversation, ImportedMessage, ImportedVersion } from "./imported.ts";

const at = (n: number) => n as Micros;

function message(id: string, seq?: number): ImportedMessage {
  const words = { role: "user", content: id, status: "complete", createdAt: at(1) } as const;
  return { id, ...words, ...(seq !== undefined && { seq }) };
}

function conversation(
  messages: readonly ImportedMessage[],
  versions: readonly ImportedVersion[],
): ImportedConversation {
  const id = "c" as ConversationId;
  const about = { title: "", model: null, pinned: false, archived: false, createdAt: at(1), updatedAt: at(1) };
  return { id, ...about, messages, versions };
}

/** The newest version of the place at the end stands there, as long as there is one. */
function plainly(live: readonly ImportedMessage[], versions: readonly ImportedVersion[]) {
  const messages = [...live];
  const broughtBack: ImportedVersion[] = [];
  for (;;) {
    const last = messages.at(-1);
    const place = last === undefined ? 0 : last.seq;
    const [newest] = versions
      .filter((version) => version.afterSeq === place && !broughtBack.includes(version))
      .toSorted((one, other) => other.replacedAt - one.replacedAt);
    if (!newest) return { ids: messages.map(({ id }) => id), broughtBack: broughtBack.map(({ id }) => id) };
    broughtBack.push(newest);
    for (const one of newest.messages) if (!messages.some(({ id }) => id === one.id)) messages.push(one);
  }
}

const someMessages = fc.array(fc.record({ id: fc.nat(30), hasSeq: fc.integer({ min: 0, max: 5 }) }), { maxLength: 3 });
const someVersion = fc.record({ afterSeq: fc.nat(6), replacedAt: fc.integer({ min: 1, max: 4 }), its: someMessages });

test("[MSG-5] the newest version stands where nothing does at the end, and then the newest behind it", () => {
  fc.assert(
    fc.property(someMessages, fc.array(someVersion, { maxLength: 16 }), (first, rest) => {
      let seq = 0;
      const made = (its: typeof first) =>
        its.map(({ id, hasSeq }) => message(`m${id}`, hasSeq > 0 ? ++seq : undefined));
      const live = [...new Map(made(first).map((one) => [one.id, one])).values()];
      const versions = rest
        .map(({ its, ...one }, n) => ({ ...one, id: `v${n}` as VersionId, messages: made(its) }))
        .map((one) => ({ ...one, replacedAt: at(one.replacedAt) }));
      const usable = versions.filter(({ messages }) => messages.length > 0);
      const expected = plainly(live, usable);
      const found = arranged(conversation(live, versions), at(0));
      expect(found.messages.map(({ id }) => id)).toEqual(expected.ids);
      expect(versions.length - found.leftOut - found.versions.length).toBe(expected.broughtBack.length);
      for (const { id } of found.versions) expect(expected.broughtBack).not.toContain(id);
    }),
    { numRuns: 2_000 },
  );
});

test("[SAFE-2] versions that all stand at the end again are compared with no more than a few others each", () => {
  let reads = 0;
  const count = 2_000;
  const versions = Array.from({ length: count }, (_, n) => {
    const replacedAt = { valueOf: () => (reads++, n + 1) } as unknown as Micros;
    return { id: `v${n}` as VersionId, replacedAt, afterSeq: 1, messages: [message("m")] };
  });
  const found = arranged(conversation([message("m", 1)], versions), at(0));
  expect(found).toMatchObject({ versions: [], leftOut: 0, messages: [{ id: "m" }] });
  expect(reads).toBeLessThan(count * 50);
});
