/** What is on screen: its messages, its banner, and whether it is called deleted [DEV-4, DEV-9, DEV-10]. */
import { type CompleteRow, type ConversationId, isTemporary } from "@instep/protocol";
import type { ConversationView } from "@instep/sync-client";
import { type Scene, wasDeleted } from "./scene.ts";
import { must } from "./violation.ts";

/** What is shown of a conversation is in order, nothing is there twice, and nothing that stands between is missing. */
export function checkViews({ tab, history }: Scene): void {
  const view = tab.current === null ? undefined : tab.device.views.get(tab.current);
  const seqs = view?.messages.map(({ seq }) => seq) ?? [];
  const isOrdered = seqs.every((seq, index) => index === 0 || seq > (seqs[index - 1] ?? 0));
  must(isOrdered, "DEV-9", () => `${tab.name} shows the messages ${seqs.join()} of ${tab.current}`);
  const reply = view?.reply ?? null;
  const isDouble = reply !== null && view?.messages.some(({ id }) => id === reply.replyId) === true;
  must(!isDouble, "DEV-9", () => `${tab.name} shows the reply ${reply?.replyId} of ${tab.current} twice`);
  const [first, last] = [seqs[0] ?? 0, seqs.at(-1) ?? 0];
  const between = history.messages(tab.current as ConversationId).filter(({ seq }) => seq > first && seq < last);
  const missing = between.filter(({ isLive, seq }) => isLive && !seqs.includes(seq));
  must(missing.length === 0, "DEV-9", () => {
    return `${tab.name} shows the messages ${seqs.join()} of ${tab.current}, without ${missing.map(({ seq }) => seq).join()}`;
  });
}

export function checkNoFalseBanner(scene: Scene): void {
  const { tab } = scene;
  const view = tab.current === null ? undefined : tab.device.views.get(tab.current);
  if (view === undefined || view.newMessages === 0) return;
  must(view.reply?.isOwn !== true, "DEV-4", () => `${tab.name} has a banner for ${view.id} during a turn of its own`);
  const newest = view.messages.at(-1)?.seq ?? 0;
  const notShown = scene.history.messages(view.id).filter(({ seq }) => seq > newest).length;
  const least = view.newMessages ?? 1;
  must(notShown >= least, "DEV-9", () => {
    return `${tab.name} has a banner of ${view.newMessages} for ${view.id}, shown up to ${newest}; ${notShown} came after that`;
  });
}

/** What the page was told of is not shown at the end of the same moment. */
export function checkBannerCalls({ tab, history }: Scene): void {
  for (const { id, count } of tab.banners.splice(0)) {
    const newest = tab.device.views.get(id)?.messages.at(-1)?.seq ?? 0;
    const notShown = history.messages(id as ConversationId).filter(({ seq }) => seq > newest).length;
    must(
      notShown >= (count ?? 1),
      "DEV-9",
      () => `${tab.name} was told of ${count} new messages, and ${notShown} are not shown`,
    );
  }
}

export function checkBanner(scene: Scene): void {
  const { tab, history } = scene;
  if (tab.current === null) return;
  const view = tab.device.views.get(tab.current);
  const row = history.live().get(tab.current as ConversationId);
  if (row === undefined || view === undefined || view.phase !== "ready") return;
  // Around what a search found; nothing on screen says how far the newest page reaches.
  if (view.hasLater) return;
  const newest = view.messages.at(-1)?.seq ?? 0;
  const missing = history.messages(row.id as ConversationId).filter(({ isLive, seq }) => isLive && seq > newest).length;
  must(view.newMessages === missing, "DEV-9", () => {
    return `${tab.name} says that ${view.newMessages} messages of ${view.id} are new after ${newest}, and ${missing} are`;
  });
}

/** What stands on screen without a banner is what there is, and nothing is said of a turn that another one has followed. */
export function checkNothingStale(scene: Scene): void {
  const { tab, history } = scene;
  const view = tab.current === null ? undefined : tab.device.views.get(tab.current);
  const row = history.live().get(tab.current as ConversationId);
  if (row === undefined || view?.phase !== "ready" || view.hasLater) return;
  checkTurnIsOver(scene, view, row);
  if (view.newMessages > 0 || view.newerProblem !== null || row.active_reply_id !== null) return;
  const facts = new Map(history.messages(view.id).map((fact) => [fact.seq, fact]));
  const stale = view.messages.filter(({ seq, id }) => facts.get(seq)?.isLive !== true || facts.get(seq)?.id !== id);
  must(stale.length === 0, "DEV-9", () => {
    return `${tab.name} shows ${stale.map(({ seq }) => seq).join()} of ${view.id}, which are not there, and has no banner`;
  });
  const sent = new Set([...facts.values()].map(({ clientMessageId }) => clientMessageId));
  const twice = tab.store.hasFailed ? [] : view.pending.filter(({ clientMessageId }) => sent.has(clientMessageId));
  must(twice.length === 0, "DEV-12", () => `${tab.name} shows in ${view.id} as ${twice[0]?.state} what was sent`);
}

function checkTurnIsOver({ tab, history }: Scene, view: ConversationView, row: CompleteRow): void {
  const isRunning = row.active_reply_id !== null;
  must(view.reply === null || isRunning, "DEV-5", () => `${tab.name} shows a reply of ${view.id} that doesn't run`);
  const last = view.messages.at(-1);
  const isAnswered = last?.role === "assistant" && last.status === "complete";
  const isBack = history.messages(view.id).find(({ seq }) => seq === last?.seq)?.isBack;
  const askedFrom = view.turnFailure?.askAgainFromSeq ?? null;
  const isFalse = isAnswered && !isRunning && isBack === false && askedFrom !== null && askedFrom < last.seq;
  must(
    !isFalse,
    "TURN-9",
    () => `${tab.name} says ${view.turnFailure?.code} under the reply ${last?.seq} of ${view.id}`,
  );
}

/** What was begun here and waits to be sent is not called deleted [ID-1, DEV-10]. */
export function checkNotFalselyDeleted(scene: Scene): void {
  const { tab, browser, sends } = scene;
  // Who can't read the store knows of nothing that waits in it [DEV-14].
  if (tab.store.hasFailed) return;
  const view = tab.current === null ? undefined : tab.device.views.get(tab.current);
  if (view?.phase !== "deleted" || !browser.options.setting.hasStore) return;
  const isFalse = !wasDeleted(scene, view.id) && sends.isWanted(view.id);
  must(!isFalse, "DEV-10", () => `${tab.name} says that ${view.id} was deleted, and something for it waits here`);
}

export function checkDeletionWasTold(scene: Scene): void {
  const { tab, history } = scene;
  // A new chat in which nothing was written is nowhere but on screen.
  if (tab.current !== null && isTemporary(tab.current)) return;
  const isThere = tab.current === null || history.live().has(tab.current as ConversationId);
  // Opened at its address, and never known here.
  const isSaid = tab.current !== null && tab.device.views.get(tab.current)?.phase === "deleted";
  const isFound = isSaid && !tab.wasListed;
  const isOurs = tab.current !== null && tab.device.conversations.get(tab.current)?.isLocal === true;
  must(
    isThere || isOurs || isFound,
    "DEV-10",
    () => `${tab.name} still shows ${tab.current}, which is deleted, and said nothing`,
  );
  const isLive = tab.current !== null && history.live().has(tab.current as ConversationId);
  must(!isLive || !isSaid, "DEV-10", () => `${tab.name} says that ${tab.current} was deleted, and it is there`);
}
