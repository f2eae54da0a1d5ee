/** Stopping a reply that another process generates [TURN-5]. */
import type { EngineCore } from "../engine-core.ts";
import { pause } from "../pause.ts";
import { refuse, type Outcome } from "../refusal.ts";
import { POLL_MS, STOP_PATIENCE_MS } from "./reply-times.ts";
import type { ReplyKey } from "./running-reply.ts";
import type { TurnState } from "../storage/turn-statements.ts";

/**
 * Asks the owner, who has seen the newest text, to end the reply; where that takes too long, ends it with what the journal has.
 * Then the owner is shut out by the turn's state, so nothing grows back either way.
 */
export async function stopElsewhere(core: EngineCore, key: ReplyKey): Promise<Outcome<"stopped" | "ended">> {
  const asked = await requestStop(core, key, false);
  if (asked === "unknown") return refuse("reply_not_found");
  if (asked !== "requested") return asked;
  for (let leftMs = STOP_PATIENCE_MS; leftMs > 0; leftMs -= POLL_MS) {
    await pause(core.environment, Math.min(POLL_MS, leftMs));
    if ((await stateOf(core, key)) !== "running") return "stopped";
  }
  await requestStop(core, key, true);
  return "stopped";
}

function requestStop(core: EngineCore, key: ReplyKey, isForced: boolean) {
  const { accountId, conversationId, replyId } = key;
  const now = core.environment.now();
  return core.storage.transact("stopTurn", { accountId, conversationId, replyId, isForced, now });
}

async function stateOf(core: EngineCore, key: ReplyKey): Promise<TurnState | null> {
  const turn = await core.storage.read((snapshot) => snapshot.turn(key));
  return turn?.state ?? null;
}
