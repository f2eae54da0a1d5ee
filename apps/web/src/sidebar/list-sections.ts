/** The list by day, and what holds it still while a person is about to press something in it. Pure. */
import { dayStart } from "../time/day-start.ts";
import { dated, t } from "../words/words.ts";

/** What decides under which heading a conversation stands. */
export interface Placeable {
  readonly pinned: boolean;
  readonly updated_at: string;
}

/** Conversations under one heading. */
export interface ListSection {
  /** Sections stand in this order. */
  readonly rank: number;
  readonly heading: string;
  readonly ids: readonly string[];
}

type Heading = Omit<ListSection, "ids">;

/** As they stand before the months. */
const HEADINGS = { pinned: "Pinned", today: "Today", yesterday: "Yesterday", lastDays: "Previous 7 days" } as const;
/** Above every month that a date can name, so that later months have lower ranks. */
const MONTHS = 12 * 300_000;
const MONTH = { month: "long", year: "numeric" } as const;

/** The heading of a conversation, by the days of this place; `now` in Unix milliseconds. */
export function headingOf({ pinned, updated_at: updatedAt }: Placeable, now: number): Heading {
  if (pinned) return namedHeading("pinned");
  const date = new Date(updatedAt);
  if (date.getTime() >= dayStart(now, 0)) return namedHeading("today");
  if (date.getTime() >= dayStart(now, 1)) return namedHeading("yesterday");
  if (date.getTime() >= dayStart(now, 7)) return namedHeading("lastDays");
  return { rank: MONTHS - (date.getFullYear() * 12 + date.getMonth()), heading: dated(date, MONTH) };
}

function namedHeading(name: keyof typeof HEADINGS): Heading {
  return { rank: Object.keys(HEADINGS).indexOf(name), heading: t(HEADINGS[name]) };
}

/** Cuts ids that are in their order into sections; looks at few of them, however many there are. */
export function sectionsOf(
  ids: readonly string[],
  rowOf: (id: string) => Placeable | undefined,
  now: number,
): readonly ListSection[] {
  const rankAt = (index: number) => headingAt(index).rank;
  const headingAt = (index: number): Heading => {
    const row = rowOf(ids[index] ?? "");
    return row ? headingOf(row, now) : namedHeading("today");
  };
  const sections: ListSection[] = [];
  for (let start = 0; start < ids.length;) {
    const heading = headingAt(start);
    const end = firstAfter(start, ids.length, (index) => rankAt(index) > heading.rank);
    sections.push({ ...heading, ids: ids.slice(start, end) });
    start = end;
  }
  return sections;
}

/**
 * The list as it stands while it is held: what is known keeps its place and heading, what has gone goes, what is new comes where it
 * sorts among the rest. `moved` are those that the person moved just now, which may.
 */
export function holdStill(
  shown: readonly ListSection[],
  wanted: readonly ListSection[],
  moved: ReadonlySet<string>,
): readonly ListSection[] {
  const left = new Set(wanted.flatMap(({ ids }) => ids));
  const isKept = (id: string) => left.has(id) && !moved.has(id);
  const kept = shown.map((section): ListSection => ({ ...section, ids: section.ids.filter(isKept) }));
  const known = new Set(kept.flatMap(({ ids }) => ids));
  const byRank = new Map(kept.map((section) => [section.rank, section]));
  for (const section of wanted) {
    if (section.ids.every((id) => known.has(id))) continue;
    const own = byRank.get(section.rank) ?? { ...section, ids: [] };
    byRank.set(section.rank, { ...own, ids: withNew(own.ids, section.ids, known) });
  }
  const sections = [...byRank.values()].filter(({ ids }) => ids.length > 0);
  return sections.sort((one, other) => one.rank - other.rank);
}

/** Each new id behind the nearest one before it that has not moved; where there is none, at the top. */
function withNew(here: readonly string[], wanted: readonly string[], known: ReadonlySet<string>): readonly string[] {
  const unmoved = inSameOrder(here, wanted);
  const newAfter = new Map<string | null, string[]>();
  let before: string | null = null;
  for (const id of wanted) {
    if (unmoved.has(id)) before = id;
    else if (!known.has(id)) {
      const others = newAfter.get(before);
      if (others) others.push(id);
      else newAfter.set(before, [id]);
    }
  }
  return [...(newAfter.get(null) ?? []), ...here.flatMap((id) => [id, ...(newAfter.get(id) ?? [])])];
}

/** As many as can be of those that stand in both, and there in the same order: the others have moved (longest increasing subsequence). */
function inSameOrder(here: readonly string[], wanted: readonly string[]): ReadonlySet<string> {
  const places = new Map(here.map((id, index) => [id, index]));
  interface Link {
    readonly place: number;
    readonly id: string;
    readonly previous: Link | null;
  }
  // The end of the best row of each length: the one that leaves most room behind it.
  const ends: Link[] = [];
  for (const id of wanted) {
    const place = places.get(id);
    if (place === undefined) continue;
    const length = firstAfter(-1, ends.length, (index) => (ends[index]?.place ?? 0) > place);
    ends[length] = { place, id, previous: ends[length - 1] ?? null };
  }
  const unmoved = new Set<string>();
  for (let link = ends.at(-1) ?? null; link; link = link.previous) unmoved.add(link.id);
  return unmoved;
}

/** The first index in between of which this is true, where it is true of all that follow. */
function firstAfter(start: number, end: number, isAfter: (index: number) => boolean): number {
  let low = start + 1;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAfter(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
