/** Writes all of an account's conversations, archived ones too, and its presets of instructions as Instep's own export; never more than a little of it in memory. */
import type { AccountId, ConversationId, PresetList } from "@instep/protocol";
import { isRefusal, type Engine, type StandingConversation } from "@instep/sync-server";
import { setImmediate as nextTurn } from "node:timers/promises";
import { exportedPieces } from "./export-pieces.ts";
import { EXPORT_VERSION } from "./instep-format.ts";

export interface ExportParts {
  readonly engine: Pick<Engine, "listById" | "standing" | "messages" | "allVersions" | "presets">;
  readonly accountId: AccountId;
  /** When it was made, ISO 8601. */
  readonly exportedAt: string;
  /** Called now and then with how many conversations were written. */
  readonly onProgress: (conversations: number) => void;
  /** This one alone. */
  readonly only?: ConversationId;
}

const LIST_PAGE = 200;
/** A conversation that is no longer than this, in UTF-16 code units, is read again where it changes while it is read. */
const MAX_HELD_LENGTH = 8_000_000;
const MAX_READINGS = 3;

/** Yields the export's text piece by piece; what is made or deleted meanwhile may be left out, nothing else. */
export async function* exportConversations(parts: ExportParts): AsyncGenerator<string> {
  const { exportedAt: exported_at } = parts;
  // Whoever reads the file has what stands before the conversations at once.
  const header = { instep_export: EXPORT_VERSION, exported_at, ...(await presetsOf(parts)) };
  yield `${JSON.stringify(header).slice(0, -1)},"conversations":[`;
  let count = 0;
  for await (const id of allIds(parts)) {
    let isBegun = false;
    for await (const piece of exportedConversation(parts, id)) {
      yield isBegun ? piece : `${count === 0 ? "\n" : ",\n"}${piece}`;
      isBegun = true;
    }
    if (isBegun) parts.onProgress(++count);
    // Thousands of short ones are read at once else: others have a turn in between [SAFE-2].
    await nextTurn();
  }
  yield "\n]}\n";
}

/** Nothing where there are none, and beside one conversation alone. */
async function presetsOf({ engine, accountId, only }: ExportParts): Promise<Partial<PresetList>> {
  const { presets } = only === undefined ? await engine.presets(accountId) : { presets: [] };
  return presets.length === 0 ? {} : { presets };
}

/** In their order: whatever happens to one meanwhile, it keeps its place. */
async function* allIds({ engine, accountId, only }: ExportParts): AsyncGenerator<ConversationId> {
  if (only !== undefined) {
    yield only;
    return;
  }
  for (let afterId: string | null = ""; afterId !== null;) {
    const page: Awaited<ReturnType<Engine["listById"]>> = await engine.listById(accountId, {
      afterId,
      limit: LIST_PAGE,
    });
    for (const { id } of page.conversations) yield id as ConversationId;
    afterId = page.nextAfterId;
  }
}

/** One as it stood at one time: what is replaced or brought back while it is read might be missed otherwise. Nothing where it is gone. */
async function* exportedConversation(parts: ExportParts, id: ConversationId): AsyncGenerator<string> {
  for (let reading = 1; reading <= MAX_READINGS; reading++) {
    const before = await standing(parts, id);
    if (!before) return;
    const held: string[] = [];
    let length = 0;
    for await (const piece of exportedPieces(parts, before)) {
      held.push(piece);
      length += piece.length;
      if (length > MAX_HELD_LENGTH) yield* held.splice(0);
    }
    const after = length > MAX_HELD_LENGTH ? before : await standing(parts, id);
    const isSteady = after?.last_seq === before.last_seq && after.message_count === before.message_count;
    if (!isSteady && reading < MAX_READINGS) continue;
    yield* held;
    return;
  }
}

async function standing({ engine, accountId }: ExportParts, id: ConversationId): Promise<StandingConversation | null> {
  const found = await engine.standing(accountId, id);
  return isRefusal(found) ? null : found;
}
