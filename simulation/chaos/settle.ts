/** Once nobody is killed any more: every send is repeated until its reply has ended, and says the same as before. */
import { createClient } from "../../apps/server/test/client.ts";
import { faultUnless } from "./fault.ts";
import { tryTurn, turnsOf, type Ledger } from "./ledger.ts";
import type { Turn } from "./deeds.ts";
import type { KilledProgram } from "./program.ts";
import { bodyOf, refused } from "./sending.ts";
import { orLeave, view } from "./viewing.ts";

/** Within 60 s of its heartbeat's end a reply is closed [TURN-6]; a little for the way. */
const CLOSED_WITHIN_MS = 65_000;
const AT_ONCE = 40;

/** Ends all that is open: nothing may be left hanging. */
export async function settle(program: KilledProgram, ledger: Ledger): Promise<void> {
  const open = [...ledger.conversations.values()]
    .filter(({ state }) => state === "live")
    .flatMap((conversation) => turnsOf(conversation).filter(isOpen));
  await eachOf(open, async (turn) => {
    // Where something hangs, the rest is not waited for.
    if (ledger.faults.length > 0) return;
    await repeat(turn, program, ledger).catch((error: unknown) => ledger.fail(error));
  });
}

/** A batch that fails doesn't tell what became of its message, nor one that brought something back who its reply was: a stream does. */
function isOpen({ end, userMessage, replyId }: Turn): boolean {
  return end === null || userMessage === null || replyId === null;
}

/** Does something for every item, a number of them at once. */
export async function eachOf<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const rest = items.toReversed();
  const work = async (): Promise<void> => {
    for (let item = rest.pop(); item !== undefined; item = rest.pop()) await run(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function repeat(turn: Turn, program: KilledProgram, ledger: Ledger): Promise<void> {
  const life = await program.current();
  const signal = AbortSignal.timeout(CLOSED_WITHIN_MS);
  ledger.figures.count("sends repeated at the end");
  tryTurn(turn);
  const how = await orLeave(async () => {
    const response = await createClient(life.url).stream(turn.conversation.id, { ...bodyOf(turn), signal });
    if (response.status !== 200) return refused(turn, response.status, await response.text());
    return view(response, { ledger, life, turn, after: 0 });
  });
  faultUnless(
    how === "ended",
    "TURN-6",
    () => `${turn.replyId} still hangs ${CLOSED_WITHIN_MS} ms after the last start`,
  );
}
