/** Judges what one account's devices show: at every instant, and once everything has come to rest. */
import { type AccountId, type ConversationId, parseTimestamp } from "@instep/protocol";
import type { SyncQuestion } from "@instep/sync-client";
import { checkInstant, checkQuiet } from "./invariants.ts";
import type { Scene } from "./scene.ts";
import { checkKept } from "./kept-words.ts";
import { must } from "./violation.ts";
import type { Browser } from "./browser.ts";
import type { History } from "./history.ts";
import type { Sends } from "./sends.ts";
import type { Server } from "./server.ts";
import type { Schedule } from "./step.ts";
import type { Tab } from "./tab.ts";
import type { VirtualTime } from "./virtual-time.ts";
import type { Words } from "./words.ts";

/** Whom it judges: an account's devices, by what its history was. */
export interface Judged {
  readonly accountId: AccountId;
  readonly schedule: Pick<Schedule, "setting">;
  readonly time: VirtualTime;
  readonly server: Server;
  readonly history: History;
  readonly browsers: readonly Browser[];
  readonly words: Words;
  readonly sends: Sends;
  tabs(): Tab[];
  /** The send that a reply answers, by the reply's id. */
  replyOwner(replyId: string): string | undefined;
}

/** What must hold at every instant; `asked` are the questions that the server holds. */
export function checkNow(judged: Judged, asked: ReadonlySet<SyncQuestion>): void {
  if (judged.server.isUp) checkHolds(judged, asked);
  for (const browser of judged.browsers) browser.keepTouched();
  for (const scene of scenesOf(judged)) if (scene.tab.page.takeHasRun()) checkInstant(scene);
  forgetDeleted(judged);
  judged.sends.checkInstant(judged.history);
}

/** What must hold once nothing is under way. */
export async function checkRest(judged: Judged): Promise<void> {
  await judged.time.until(judged.history.checkOldest(judged.server.api.engine));
  for (const [id, row] of judged.history.live()) {
    must(row.active_reply_id === null, "TURN-6", () => `the reply of ${id} hangs`);
  }
  for (const scene of scenesOf(judged)) checkQuiet(scene);
  judged.sends.checkQuiet(judged.history, judged.tabs());
  judged.words.checkQuiet(judged.history);
  await judged.time.until(checkKept(judged));
  for (const { shared } of judged.browsers) await judged.server.apart?.checkStored(judged.accountId, shared.disk);
}

/** To mark a deleted conversation as read is refused, and its restoring doesn't repeat it. */
function forgetDeleted(judged: Judged): void {
  const live = judged.history.live();
  for (const { toBeRead } of judged.tabs()) {
    for (const id of toBeRead.keys()) if (!live.has(id as ConversationId)) toBeRead.delete(id);
  }
}

/** Nothing that has an answer is held back [WAIT-1]. */
function checkHolds(judged: Judged, asked: ReadonlySet<SyncQuestion>): void {
  for (const { since, epoch } of asked) {
    const isOurs = epoch === null || epoch === judged.history.epoch;
    const askedAt = since === null ? null : parseTimestamp(since);
    const hasNews = askedAt !== null && isOurs && askedAt < judged.history.clock;
    must(!hasNews, "WAIT-1", () => `a question since ${since} is held, and the clock is ${judged.history.clock}`);
  }
}

function* scenesOf(judged: Judged): Generator<Scene> {
  for (const browser of judged.browsers) {
    for (const tab of browser.tabs) {
      if (tab.page.isGone) continue;
      yield {
        history: judged.history,
        browser,
        tab,
        unreadScope: judged.schedule.setting.unreadScope,
        words: judged.words,
        sends: judged.sends,
        replyOwner: (replyId) => judged.replyOwner(replyId),
      };
    }
  }
}
