/** What an import adds to a conversation that stands here already, and whether it may. */
import type { Arranged } from "../arranged.ts";
import type { ImportedMessage, ImportedVersion } from "../imported.ts";
import type { ConversationKey, MessageBounds } from "../storage/message-statements.ts";
import type { ConversationRow, MessageRow } from "../storage/rows.ts";
import type { Snapshot } from "../storage/transaction.ts";

/** More than a page of messages is read piece by piece. */
const PAGE_SIZE = 500;

/** What is to be inserted, and where it belongs. */
export interface Growth {
  /** The seqs of the messages that live here and stay, oldest first. */
  readonly staying: readonly number[];
  /** The messages that will live behind them. */
  readonly messages: readonly ImportedMessage[];
  readonly versions: readonly ImportedVersion[];
  /** The seq here of what stands and stays, by the seq that it has in the import. */
  readonly places: ReadonlyMap<number, number>;
  /** How many of the messages that will live are not here at all. */
  readonly newCount: number;
  /** Whether all else that stands here gives way: the import has every message of it, in its place or in a version. */
  readonly isSwap: boolean;
}

export interface Compared {
  readonly key: ConversationKey;
  readonly imported: Arranged;
  /** Whether the import was written to after what stands here. */
  readonly isNewer: boolean;
}

/** What stands here: the messages that live, and the seqs of those and of its versions'. */
interface Standing {
  readonly live: readonly NumberedId[];
  readonly seqs: ReadonlyMap<string, number>;
  /** The version that each of those that were replaced is in. */
  readonly homes: ReadonlyMap<string, string>;
}

type NumberedId = Pick<MessageRow, "id" | "seq">;

/**
 * Null where the import has nothing new; "changed" where it has, and what stands here was changed since. What only goes on at its end
 * gets the rest. Where something was replaced or brought back there, this is taken over, unless that would lose a message of here.
 */
export async function growthOf(
  snapshot: Snapshot,
  row: ConversationRow,
  { key, imported, isNewer }: Compared,
): Promise<Growth | "changed" | null> {
  if (row.trashedAt !== null) return null;
  const { messages, versions } = imported;
  const here = await standingOf(snapshot, key);
  const isNew = ({ id }: ImportedMessage) => !here.seqs.has(id);
  const hasNew = (version: ImportedVersion) => version.messages.some(isNew);
  const parting = here.live.findIndex(({ id }, index) => messages[index]?.id !== id);
  const isIdle = row.activeReplyId === null;
  if (parting === -1 && isIdle && !isRearranged(imported, here)) {
    const added = versions.filter(hasNew);
    const rest = messages.slice(here.live.length);
    if (rest.length === 0 && added.length === 0) return null;
    const places = placesOf(imported, here);
    const staying = here.live.map(({ seq }) => seq);
    return { staying, messages: rest, newCount: rest.length, versions: added, places, isSwap: false };
  }
  const all = [...messages, ...versions.flatMap((version) => version.messages)];
  const there: ReadonlySet<string> = new Set(all.map(({ id }) => id));
  const lost = [...here.seqs.keys()].filter((id) => !there.has(id));
  const losesNothing =
    lost.length === 0 || (await isSaidAgain(snapshot, key, { lost, standing: here.live, imported: all }));
  if (!isIdle || !losesNothing || !isNewer) return messages.some(isNew) || versions.some(hasNew) ? "changed" : null;
  // All that lives here may stay where only what was replaced has moved.
  const live = parting === -1 ? here.live : here.live.slice(0, parting);
  const rest = messages.slice(live.length);
  return {
    staying: live.map(({ seq }) => seq),
    messages: rest,
    newCount: rest.filter(isNew).length,
    versions,
    places: placesOf(imported, { live, seqs: new Map() }),
    isSwap: true,
  };
}

/** Whether a message that was replaced here lives there, or is in another version; or a version of here has more there: it can't be added beside itself. */
function isRearranged({ messages, versions }: Arranged, { homes, seqs }: Standing): boolean {
  const isElsewhere = (home: string | null) => (message: ImportedMessage) => (homes.get(message.id) ?? home) !== home;
  const standing = new Set(homes.values());
  const hasMore = ({ id, messages: its }: ImportedVersion) => standing.has(id) && its.some((one) => !seqs.has(one.id));
  const isOther = (version: ImportedVersion) => version.messages.some(isElsewhere(version.id)) || hasMore(version);
  return messages.some(isElsewhere(null)) || versions.some(isOther);
}

interface SaidAgain {
  readonly lost: readonly string[];
  readonly standing: readonly NumberedId[];
  readonly imported: readonly ImportedMessage[];
}

/** Whether all that is lost is a question that got no reply here, and stands in the import with the same words under another id. */
async function isSaidAgain(
  snapshot: Snapshot,
  key: ConversationKey,
  { lost, standing, imported }: SaidAgain,
): Promise<boolean> {
  const last = standing.at(-1);
  if (!last || lost.length > 1 || lost[0] !== last.id) return false;
  const row = await snapshot.message(key, last.seq);
  return row?.role === "user" && imported.some(({ role, content }) => role === "user" && content === row.content);
}

/** Where what lives in both stands here, and where what was in the import's versions does. */
function placesOf(
  { messages, versions }: Arranged,
  { live, seqs }: Pick<Standing, "live" | "seqs">,
): Map<number, number> {
  const places = new Map([[0, 0]]);
  for (const [index, { seq }] of live.entries()) {
    const there = messages[index]?.seq;
    if (there !== undefined) places.set(there, seq);
  }
  for (const { seq: there, id } of versions.flatMap((version) => version.messages)) {
    const seq = seqs.get(id);
    if (there !== undefined && seq !== undefined && !places.has(there)) places.set(there, seq);
  }
  return places;
}

async function standingOf(snapshot: Snapshot, key: ConversationKey): Promise<Standing> {
  const live = await allOf((page) => snapshot.messagesAfter(key, page));
  const seqs = new Map<string, number>();
  const homes = new Map<string, string>();
  for (const { id: versionId } of await snapshot.versions(key)) {
    for (const { id, seq } of await allOf((page) => snapshot.versionMessages({ ...key, versionId }, page))) {
      seqs.set(id, seq);
      homes.set(id, versionId);
    }
  }
  for (const { id, seq } of live) seqs.set(id, seq);
  return { live, seqs, homes };
}

async function allOf(
  read: (page: { readonly after: number } & MessageBounds) => ReturnType<Snapshot["messagesAfter"]>,
): Promise<readonly NumberedId[]> {
  const found: NumberedId[] = [];
  for (;;) {
    const page = await read({ after: found.at(-1)?.seq ?? 0, limit: PAGE_SIZE });
    found.push(...page.map(({ id, seq }) => ({ id, seq })));
    if (page.length < PAGE_SIZE) return found;
  }
}
