/** What an import makes of a conversation that stands here already, whatever its file says of it. */
import type { ConversationId, Micros, VersionId } from "@instep/protocol";
import { expect, test } from "vitest";
import type { ImportedConversation, ImportedMessage } from "../src/imported.ts";
import { must, openWorld, uuid, type VirtualWorld } from "./turn-world.ts";

const SECOND = 1_000_000;

/** A question, its reply, and what was asked there before: the version with these messages. */
function fileWith(world: VirtualWorld, given: Pick<ImportedConversation, "id" | "updatedAt">, version: VersionFile) {
  const { createdAt, live, replaced, versionId } = version;
  const rest = { title: "Brought in", model: null, pinned: false, archived: false, createdAt };
  const versions = [{ id: versionId, replacedAt: createdAt, afterSeq: 0, messages: replaced }];
  return world.engine.importConversations(world.accountId, [{ ...rest, ...given, messages: live, versions }]);
}

interface VersionFile {
  readonly createdAt: Micros;
  readonly live: readonly ImportedMessage[];
  readonly replaced: readonly ImportedMessage[];
  readonly versionId: VersionId;
}

test("[IMPORT-1] [MSG-5] a version that a newer file has more of is taken over whole, and one of an older file is named: no file ends an import", async () => {
  const world = await openWorld();
  const at = world.environment.now();
  const message = (role: "user" | "assistant", seq: number): ImportedMessage => {
    return { id: uuid(), role, content: `The ${seq}.`, createdAt: at, status: "complete", seq };
  };
  const [question, reply] = [message("user", 1), message("assistant", 2)];
  const file = { createdAt: at, live: [message("user", 3), message("assistant", 4)], versionId: uuid() as VersionId };
  const id = uuid() as ConversationId;
  await fileWith(world, { id, updatedAt: at }, { ...file, replaced: [question] });
  const older = await fileWith(world, { id, updatedAt: at }, { ...file, replaced: [question, reply] });
  expect(older).toMatchObject({ grown: 0, kept: [id] });
  const newer = { id, updatedAt: (at + SECOND) as Micros };
  expect(await fileWith(world, newer, { ...file, replaced: [question, reply] })).toMatchObject({ grown: 1, kept: [] });
  const { versions } = must(await world.engine.allVersions(world.accountId, id, null));
  expect(versions.map((version) => version.messages.map(({ content }) => content))).toEqual([["The 1.", "The 2."]]);
  expect(await fileWith(world, newer, { ...file, replaced: [question, reply] })).toMatchObject({ grown: 0, kept: [] });
  await world.check();
});
