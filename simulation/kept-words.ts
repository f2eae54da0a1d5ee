/** Nothing that anybody wrote is lost by an edit, by asking again or by bringing back: it lives, or is kept as a version [MSG-5]. */
import type { AccountId, ConversationId } from "@instep/protocol";
import type { History, MessageFact } from "./history.ts";
import type { Server } from "./server.ts";
import type { VirtualTime } from "./virtual-time.ts";
import { must } from "./violation.ts";

/** Where it is looked up. */
interface Scene {
  readonly history: History;
  readonly server: Server;
  readonly time: VirtualTime;
  readonly accountId: AccountId;
}

/** A day less than versions are kept, since the clocks of a run go wrong by hours. */
const SURELY_KEPT_MICROS = 29 * 86_400_000_000;

/** Compares every conversation that lives with all that it ever had; a rewound history had nothing. */
export async function checkKept(scene: Scene): Promise<void> {
  for (const id of scene.history.live().keys()) await checkConversation(scene, id);
}

async function checkConversation({ history, server, time, accountId }: Scene, id: ConversationId): Promise<void> {
  const facts = history.messages(id);
  const surelyFrom = time.now() * 1000 - SURELY_KEPT_MICROS;
  const isDue = ({ replacedAt }: MessageFact) => replacedAt !== null && replacedAt > surelyFrom;
  const replaced = facts.filter(isDue);
  if (replaced.length === 0) return;
  const kept = new Map(facts.filter(({ isLive }) => isLive).map((fact) => [fact.id, fact.text]));
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof server.api.engine.allVersions>> = await server.api.engine.allVersions(
      accountId,
      id,
      cursor,
    );
    if ("refused" in page) return;
    for (const message of page.versions.flatMap(({ messages }) => messages)) kept.set(message.id, message.content);
    cursor = page.next_cursor ?? null;
    if (cursor === null) break;
  }
  const texts = new Set(kept.values());
  // A question that was sent again word for word leaves no version.
  const lost = replaced.filter((fact) => !kept.has(fact.id) && !(fact.role === "user" && texts.has(fact.text)));
  must(lost.length === 0, "MSG-5", () => `"${lost[0]?.text}" of ${id} was replaced, and is kept nowhere`);
}
