import type { ConversationId, Micros } from "@instep/protocol";
import type { ImportedConversation } from "@instep/sync-server";
import { expect, test } from "vitest";
import { withPossibleTimes } from "./conversation-reading.ts";

const NOW_MS = Date.UTC(2026, 0, 1);
const NOW = NOW_MS * 1000;
const DAY = 24 * 60 * 60 * 1_000_000;

function at(time: number): ImportedConversation {
  const createdAt = time as Micros;
  const message: ImportedConversation["messages"][number] = {
    id: "m",
    role: "user",
    content: "x",
    createdAt,
    status: "complete",
  };
  return {
    id: "c" as ConversationId,
    title: "",
    model: "",
    createdAt,
    updatedAt: createdAt,
    pinned: false,
    archived: false,
    messages: [message],
    versions: [{ id: "v" as never, replacedAt: createdAt, afterSeq: 0, messages: [message] }],
  };
}

const timesOf = ({ createdAt, updatedAt, messages, versions = [] }: ImportedConversation): readonly number[] => [
  createdAt,
  updatedAt,
  ...messages.map((message) => message.createdAt),
  ...versions.flatMap((version) => [version.replacedAt, ...version.messages.map((message) => message.createdAt)]),
];

test.each([
  ["of the millisecond that it is read in", NOW + 1, NOW + 1],
  ["of a server whose clock is ahead", NOW + DAY, NOW + DAY],
  ["of long after", NOW + DAY + 1, NOW],
  ["of the past", 5, 5],
  ["before 1970", -5, 0],
])("a time %s is possible or brought to one that is", (_name, time, expected) => {
  expect(new Set(timesOf(withPossibleTimes(at(time), NOW_MS)))).toEqual(new Set([expected]));
});
