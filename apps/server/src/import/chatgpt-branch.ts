/** The branch of a ChatGPT conversation's tree that a person last saw, from the root to its end. */
import { isRecord, recordOf, stringOf, type JsonRecord } from "../json-value.ts";
import { timeOf } from "./export-time.ts";

export interface ChatGptNode {
  readonly id: string;
  readonly message: JsonRecord;
}

/**
 * Follows `parent` from `current_node` up to the root. Where `current_node` is missing or names nothing, it begins at the latest leaf. A
 * parent that is not there ends the walk, and so does one that was already passed.
 */
export function readBranch(conversation: JsonRecord): readonly ChatGptNode[] {
  const mapping = recordOf(conversation["mapping"]);
  const current = stringOf(conversation["current_node"]);
  const branch: ChatGptNode[] = [];
  const passed = new Set<string>();
  let id = current !== null && nodeOf(mapping, current) ? current : latestLeaf(mapping);
  while (id !== null && !passed.has(id)) {
    passed.add(id);
    const node = nodeOf(mapping, id);
    if (!node) break;
    if (isRecord(node["message"])) branch.push({ id, message: node["message"] });
    id = stringOf(node["parent"]);
  }
  return branch.toReversed();
}

/** The messages of all other branches. */
export function messagesBeside(conversation: JsonRecord, branch: readonly ChatGptNode[]): readonly JsonRecord[] {
  const onBranch = new Set(branch.map(({ id }) => id));
  return Object.entries(recordOf(conversation["mapping"])).flatMap(([id, node]) => {
    const message = recordOf(node)["message"];
    return isRecord(message) && !onBranch.has(id) ? [message] : [];
  });
}

/** The node that no other names as its parent and whose message is the newest; of equals, the last one in the file. */
function latestLeaf(mapping: JsonRecord): string | null {
  const parents = new Set(Object.values(mapping).map((node) => stringOf(recordOf(node)["parent"])));
  let latest: string | null = null;
  let latestTime = -Infinity;
  for (const [id, node] of Object.entries(mapping)) {
    if (parents.has(id) || !isRecord(recordOf(node)["message"])) continue;
    const time = timeOf(recordOf(recordOf(node)["message"])["create_time"]) ?? 0;
    if (time < latestTime) continue;
    latest = id;
    latestTime = time;
  }
  // A tree that is one circle has no leaf; its last message is as good an end as any.
  return latest ?? Object.keys(mapping).findLast((id) => isRecord(nodeOf(mapping, id)?.["message"])) ?? null;
}

function nodeOf(mapping: JsonRecord, id: string): JsonRecord | null {
  const node = Object.hasOwn(mapping, id) ? mapping[id] : undefined;
  return isRecord(node) ? node : null;
}
