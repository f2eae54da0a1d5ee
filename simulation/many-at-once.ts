/** What a person does to several conversations of the list at once, and its undo [DEV-12]. */
import type { ConversationId } from "@instep/protocol";
import { isFailure, type ManyChanged, type SharedChange } from "@instep/sync-client";
import type { AtTab } from "./at-tab.ts";
import type { Thing } from "./change-call.ts";
import type { ManyChange, TabStep } from "./step.ts";

const CHANGES: Readonly<Record<ManyChange, SharedChange>> = {
  pin: { key: "pinned", value: true },
  unpin: { key: "pinned", value: false },
  archive: { key: "archived", value: true },
  unarchive: { key: "archived", value: false },
  remove: { key: "removed", value: true },
  "mark-unread": { key: "unread", value: true },
  "mark-read": { key: "unread", value: false },
};

type ChangeMany = TabStep & { readonly do: "change-many" };

/** The same to some that stand one after the other in the list, which goes round. */
export async function changeMany(at: AtTab, step: ChangeMany): Promise<void> {
  const { device } = at.tab;
  const listed = [...device.conversations.list(), ...device.conversations.archivedList()];
  const first = step.conversation % Math.max(1, listed.length);
  const ids = [...listed.slice(first), ...listed.slice(0, first)].slice(0, step.count);
  const change = CHANGES[step.change];
  await together(at, ids, async () => {
    if (change.key === "removed") mayGo(at, ids);
    const changed = device.actions.changeMany(ids, change);
    const answered = says(at, changed.ids, change);
    const settled = changed.answer.then((result) => answered(!isFailure(result)));
    if (step.undo !== "at-once") await settled;
    // Nobody can press what went with its page.
    if (step.undo !== "never" && !at.tab.isClosed) await takeBack(at, changed, change);
    await settled;
  });
}

export async function changeAllToRead(at: AtTab, hasUndo: boolean): Promise<void> {
  const { device } = at.tab;
  await together(at, [...device.conversations.list(), ...device.conversations.archivedList()], async () => {
    const { answer, undo } = device.actions.markAllRead();
    await answer;
    if (hasUndo && !at.tab.isClosed) await undo();
  });
}

/** Nothing is judged of them until it is done; whatever it is, it may have read them. */
async function together(
  { world, tab }: AtTab,
  ids: readonly ConversationId[],
  deed: () => Promise<void>,
): Promise<void> {
  const browser = world.browserOf(tab);
  const settled = ids.map((id) => browser.touch(id));
  for (const id of ids) tab.knowledge.mayHaveSeen(id, tab.device.conversations.get(id)?.last_seq ?? 0);
  await deed();
  for (const settle of settled) settle();
}

function mayGo({ world, tab }: AtTab, ids: readonly ConversationId[]): void {
  for (const id of ids) world.browserOf(tab).removals.add(id);
  if (tab.current !== null && ids.some((id) => id === tab.current)) tab.close();
}

async function takeBack(at: AtTab, { ids, undo }: ManyChanged, change: SharedChange): Promise<void> {
  if (change.key === "removed") for (const id of ids) at.world.history.allowReturn(id);
  const result = undo();
  says(at, ids, { ...change, value: !change.value })(!isFailure(await result));
}

/** They are the person's words from here on; returns what hears whether all of them were taken. */
function says(
  { world, tab }: AtTab,
  ids: readonly ConversationId[],
  { key, value }: SharedChange,
): (areTaken: boolean) => void {
  if (key === "unread") return () => {};
  const thing: Thing = key;
  const answered = ids.map((id) => world.words.say({ tab, id, thing, value }));
  return (areTaken) => {
    for (const answer of answered) answer(areTaken);
  };
}
