/** An imported conversation with its versions as they can stand: each has a place, and something stands there [MSG-5]. */
import type { Micros } from "@instep/protocol";
import type { ImportedConversation, ImportedMessage, ImportedVersion } from "./imported.ts";

export interface Arranged {
  /** The ones that live. */
  readonly messages: readonly ImportedMessage[];
  /** Each after the one that its place is in. */
  readonly versions: readonly ImportedVersion[];
  /** How many versions were left out. */
  readonly leftOut: number;
}

/**
 * Versions that were replaced at `horizon` or before have been kept for long enough. Where nothing stands in a place at the end, because
 * a reply was just being asked again, what it replaced stands there again.
 */
export function arranged(imported: ImportedConversation, horizon: Micros): Arranged {
  const given = imported.versions ?? [];
  const once = numberingOnce();
  const live = imported.messages.map(once);
  const usable = [...new Map(given.map((version) => [version.id, version])).values()]
    .filter((version) => version.messages.length > 0)
    .map((version) => ({ ...version, messages: version.messages.map(once) }));
  const { messages, broughtBack } = standingAtEnd(live, usable);
  const kept = usable.filter((version) => version.replacedAt > horizon && !broughtBack.has(version));
  const versions = placed(messages, kept);
  return { messages, versions, leftOut: given.length - broughtBack.size - versions.length };
}

/** Only the first message of a seq is known by it, and none by 0, which is the beginning. */
function numberingOnce(): (message: ImportedMessage) => ImportedMessage {
  const seen = new Set<number | undefined>([0]);
  return ({ seq, ...message }) => {
    const isKnown = seq === undefined || seen.has(seq);
    seen.add(seq);
    return isKnown ? message : { ...message, seq };
  };
}

interface Standing {
  readonly messages: readonly ImportedMessage[];
  readonly broughtBack: ReadonlySet<ImportedVersion>;
}

function standingAtEnd(imported: readonly ImportedMessage[], versions: readonly ImportedVersion[]): Standing {
  const newestFirst = versions.toSorted((one, other) => other.replacedAt - one.replacedAt);
  const byPlace = Map.groupBy(newestFirst, ({ afterSeq }) => afterSeq);
  // Each is taken from its place once.
  const waiting = new Map([...byPlace].map(([place, those]) => [place, those.values()]));
  const messages = [...imported];
  const live = new Set(messages.map(({ id }) => id));
  const broughtBack = new Set<ImportedVersion>();
  for (;;) {
    const last = messages.at(-1);
    const place = last === undefined ? 0 : last.seq;
    const newest = waiting.get(place ?? -1)?.next().value;
    if (!newest) return { messages, broughtBack };
    broughtBack.add(newest);
    for (const message of newest.messages) {
      if (!live.has(message.id)) messages.push(message);
      live.add(message.id);
    }
  }
}

/** Those whose place is behind a message that lives, or behind one of a version with a place. */
function placed(messages: readonly ImportedMessage[], versions: readonly ImportedVersion[]): ImportedVersion[] {
  const byPlace = Map.groupBy(versions, ({ afterSeq }) => afterSeq);
  const reached: ImportedVersion[] = [];
  const places = [0, ...seqsOf(messages)];
  for (const place of places) {
    for (const version of byPlace.get(place) ?? []) {
      reached.push(version);
      for (const seq of seqsOf(version.messages)) places.push(seq);
    }
  }
  return reached;
}

function seqsOf(messages: readonly ImportedMessage[]): number[] {
  return messages.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
}
