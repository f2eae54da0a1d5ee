/** Why something of a conversation is not brought in; every kind is counted and told. */
export type LeftOut = "hidden" | "empty" | "tool" | "thinking" | "citation" | "branch" | "version" | "other";

/** How often, by reason. */
export type LeftOutCounts = Readonly<Record<LeftOut, number>>;

export const NOTHING_LEFT_OUT: LeftOutCounts = {
  hidden: 0,
  empty: 0,
  tool: 0,
  thinking: 0,
  citation: 0,
  branch: 0,
  version: 0,
  other: 0,
};
