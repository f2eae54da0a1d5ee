/** Which messages are laid out together, and left out together while they are far from view. Pure. */
import type { Message } from "@instep/protocol";

/** A browser watches each element that it may leave out, in every frame: thousands by themselves are no help, some together are. */
const GROUP_SIZE = 16;

export interface RowGroups {
  /** The older messages; a message stays in its group, and a group that has not changed stays the same array. */
  readonly groups: readonly (readonly Message[])[];
  /** The messages that came while one looked on: rows of their own, since what was being sent or written must not be made anew when it is stored. */
  readonly latest: readonly Message[];
  /** The first number that counts as one of those; null while nothing has been shown. */
  readonly latestFrom: number | null;
}

export const NO_ROWS: RowGroups = { groups: [], latest: [], latestFrom: null };

export interface ShownMessages {
  readonly messages: readonly Message[];
  /** Whether it is known what there is. */
  readonly isReady: boolean;
  /** They stand away from the end: nothing is sent or written after them. */
  readonly hasLater: boolean;
}

/** The groups of what is shown, given those of what was. */
export function regroup(before: RowGroups, { messages, isReady, hasLater }: ShownMessages): RowGroups {
  const first = messages[0];
  if (!first) return { ...NO_ROWS, latestFrom: isReady && !hasLater ? 0 : null };
  const shownLast = before.latest.at(-1)?.seq ?? before.groups.at(-1)?.at(-1)?.seq;
  const isOther = shownLast !== undefined && first.seq > shownLast;
  const isNew = before.latestFrom === null || hasLater || isOther;
  const latestFrom = isNew ? (messages.at(-1)?.seq ?? 0) + 1 : before.latestFrom;
  const known = new Map(before.groups.map((group) => [groupNumber(group[0]), group]));
  const { groups, latest } = divided(messages, latestFrom ?? 0);
  return { latest, latestFrom, groups: groups.map((group) => sameAs(known.get(groupNumber(group[0])), group)) };
}

/** An earlier version may have older numbers than what stands before it [MSG-5]: from there on each message is a row of its own. */
function divided(messages: readonly Message[], latestFrom: number) {
  const groups: Message[][] = [];
  const latest: Message[] = [];
  for (const message of messages) {
    const last = groups.at(-1);
    const isOutOfOrder = latest.length > 0 || message.seq < (last?.at(-1)?.seq ?? 0);
    if (isOutOfOrder || message.seq >= latestFrom) latest.push(message);
    else if (last && groupNumber(last[0]) === groupNumber(message)) last.push(message);
    else groups.push([message]);
  }
  return { groups, latest };
}

/** Where a message belongs: by its own number, so that older ones that come in above change no group but the one that they complete. */
export function groupNumber(message: Message | undefined): number {
  return Math.floor((message?.seq ?? 0) / GROUP_SIZE);
}

function sameAs(before: readonly Message[] | undefined, group: readonly Message[]): readonly Message[] {
  const isSame = before?.length === group.length && group.every((message, index) => message === before[index]);
  return isSame && before ? before : group;
}
