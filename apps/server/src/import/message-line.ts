/** The line of messages that a person last saw, of messages that name what they answer. */

export interface LineRules<M> {
  readonly idOf: (message: M) => string | null;
  readonly parentOf: (message: M) => string | null;
  /** The last message of the line; where it names nothing, the last one listed is it. */
  readonly lastId: string | null;
}

/** From the first message to the last, following parents; all of them as they are listed where none names a parent that is there. */
export function lineTo<M>(listed: readonly M[], { idOf, parentOf, lastId }: LineRules<M>): readonly M[] {
  const byId = new Map(listed.map((message) => [idOf(message), message]));
  if (!listed.some((message) => byId.has(parentOf(message)) && parentOf(message) !== null)) return listed;
  const line = new Set<M>();
  let at = byId.get(lastId) ?? listed.at(-1);
  while (at !== undefined && !line.has(at)) {
    line.add(at);
    const parent = parentOf(at);
    at = parent === null ? undefined : byId.get(parent);
  }
  return [...line].toReversed();
}
