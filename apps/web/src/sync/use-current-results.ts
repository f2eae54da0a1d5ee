/** What a search found, as its conversations are by now. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useDevice, useDeviceEvents } from "./device-context.ts";

interface Found {
  readonly conversation_id: string;
  readonly title: string;
}

/** Under their present names, and without those that have gone since this page knew them: a search may find one that no sync has told of yet. */
export function useCurrentResults<Result extends Found>(results: readonly Result[]): readonly Result[] {
  const { conversations } = useDevice();
  const known = useRef(new Set<string>());
  useUpdates();
  return results.flatMap((result) => {
    const { conversation_id: id } = result;
    const item = conversations.get(id);
    if (item) known.current.add(id);
    if (item) return [{ ...result, title: item.title }];
    return known.current.has(id) ? [] : [result];
  });
}

/** Renders again whenever a conversation changes; another number each time. */
export function useUpdates(): number {
  const events = useDeviceEvents();
  const [updates, setUpdates] = useState(0);
  useEffect(() => events.onUpdated(() => setUpdates((before) => before + 1)), [events]);
  return updates;
}
