/** Questions where counts don't tell, whatever made them so [DEV-3]. */
import type { UnreadCount } from "@instep/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { full, idOf, increment, row, tick } from "../test/scripted-server.ts";
import { settle } from "../test/virtual-environment.ts";
import { applySeen } from "./apply-local.ts";
import { applySync } from "./apply-sync.ts";
import { ConversationStore } from "./conversation-store.ts";
import { failure, type Result } from "./failure.ts";
import { seqToCountAfter, UnreadQuestions } from "./unread-questions.ts";

const A = idOf("a");
/** Four of six numbers are alive, and of them the first two were seen. */
const GAPPED = row("a", 4, { last_seq: 6 });
const SEEN = { count: 3, seq: 3, skipped: 0 };

let store = new ConversationStore();
let asked: { readonly afterSeq: number; readonly answer: (count: Result<UnreadCount>) => Promise<void> }[] = [];
let counted: string[] = [];
let isSyncing = true;
let at = 10;

function tell(rows: Parameters<typeof full>[1] | null): void {
  const since = store.state.watermark.serverTime;
  const told = rows === null ? increment(++at) : since === null ? full(++at, rows) : increment(++at, rows);
  const rest = { conversations: [], deleted_ids: [], epoch: "e1", has_more: false, next_page: null };
  const response = { server_time: "", is_full_sync: false, ...rest, ...told };
  store.commit(applySync(store.state, { response, etag: null, since }));
}

function makeQuestions(sync: () => void = () => tell(null)): UnreadQuestions {
  return new UnreadQuestions({
    transport: {
      unreadAfter: (_id, afterSeq) =>
        new Promise((resolve) => {
          const answer = async (count: Result<UnreadCount>): Promise<void> => {
            resolve(count);
            await settle();
          };
          asked.push({ afterSeq, answer });
        }),
    },
    store,
    isSyncing: () => isSyncing,
    sync: async () => sync(),
    commit: (change) => void store.commit(change),
    onCounted: (id) => counted.push(id),
  });
}

beforeEach(() => {
  store = new ConversationStore();
  [asked, counted, isSyncing] = [[], [], true];
  tell([row("a", 3)]);
  tell([GAPPED]);
});

describe("a question", () => {
  it("[DEV-3] is about what is shown of the one on screen, and about what was seen of any other", () => {
    expect(seqToCountAfter(store.state, A)).toBe(3);
    store.screen.open(A);
    store.screen.setShown(A, { count: 4, seq: 4, skipped: 0 });
    expect(seqToCountAfter(store.state, A)).toBe(4);
    store.screen.setShown(A, { count: 4, seq: 6, skipped: 0 });
    expect(seqToCountAfter(store.state, A)).toBeNull();
    expect(seqToCountAfter(store.state, idOf("unknown"))).toBeNull();
  });

  it("[DEV-4] waits for the turn that runs there", () => {
    store.hold(A, "turn", true);
    expect(seqToCountAfter(store.state, A)).toBeNull();
  });

  it("[DEV-3] is put by the account's badges only for the banner", () => {
    const state = { ...store.state, unreadScope: "account" as const };
    expect(seqToCountAfter(state, A)).toBeNull();
    expect(seqToCountAfter({ ...state, current: { id: A, shown: SEEN } }, A)).toBe(3);
  });

  it("[DEV-3] is put once, and its count is the badge where a sync from after it brings no other row", async () => {
    const questions = makeQuestions();
    questions.askWhereUnclear([A]);
    questions.askWhereUnclear([A]);
    expect(asked.map(({ afterSeq }) => afterSeq)).toEqual([3]);
    await asked[0]?.answer({ count: 2 });
    expect(store.conversations.get(A)?.unread).toBe(2);
    expect(counted).toEqual([A]);
    questions.askWhereUnclear([A]);
    questions.askWhatIsLeft();
    expect(asked).toHaveLength(1);
  });

  it("[DEV-3] is put again where a row, or what was seen, came meanwhile", async () => {
    const meanwhile: (() => void)[] = [
      () => tell([row("a", 4, { last_seq: 7 })]),
      () => {
        store.commit(applySeen(store.state, A, { count: 4, seq: 4, skipped: 0 }));
        tell(null);
      },
    ];
    const questions = makeQuestions(() => (meanwhile.shift() ?? (() => tell(null)))());
    questions.askWhereUnclear([A]);
    await asked[0]?.answer({ count: 2 });
    await asked[1]?.answer({ count: 3 });
    await asked[2]?.answer({ count: 1 });
    expect(asked.map(({ afterSeq }) => afterSeq)).toEqual([3, 3, 4]);
    expect(store.conversations.get(A)?.unread).toBe(1);
  });

  it("[DEV-9] about what is on screen is put again where a row came meanwhile: its count is another row's", async () => {
    store.screen.open(A);
    store.screen.setShown(A, SEEN);
    const questions = makeQuestions(() => tell([row("a", 5, { last_seq: 7 })]));
    questions.askWhereUnclear([A]);
    await asked[0]?.answer({ count: 1 });
    expect(asked.map(({ afterSeq }) => afterSeq)).toEqual([3, 3]);
    expect(store.screen.shownOf(A)).toEqual(SEEN);
  });

  it("[DEV-3] is put with the next answer where it failed, where no sync followed, or where none runs", async () => {
    const questions = makeQuestions(() => {});
    questions.askWhereUnclear([A]);
    await asked[0]?.answer(failure("unreachable", "Gone."));
    questions.askWhereUnclear([]);
    questions.askWhatIsLeft();
    expect(asked).toHaveLength(2);
    await asked[1]?.answer({ count: 2, server_time: tick(99), epoch: "e1" });
    expect(store.conversations.get(A)?.unread).toBe(1);
    isSyncing = false;
    questions.askWhatIsLeft();
    expect(asked).toHaveLength(2);
    isSyncing = true;
    questions.askWhatIsLeft();
    expect(asked).toHaveLength(3);
  });

  it("[DEV-3] is not put for ever, whatever the answer", async () => {
    const questions = makeQuestions();
    questions.askWhereUnclear([A]);
    await asked[0]?.answer({ count: 40 });
    expect(asked).toHaveLength(1);
    expect(store.conversations.get(A)?.unread).toBe(3);
  });

  it("[DEV-2] that was under way at a stop changes nothing, and is put with the next answer", async () => {
    let synced = 0;
    const questions = makeQuestions(() => void synced++);
    questions.askWhereUnclear([A]);
    questions.stop();
    await asked[0]?.answer({ count: 3 });
    expect([synced, store.conversations.get(A)?.unread]).toEqual([0, 1]);
    questions.askWhatIsLeft();
    expect(asked).toHaveLength(2);
  });

  it("[DEV-2] whose sync was under way at a stop changes nothing", async () => {
    const questions: UnreadQuestions = makeQuestions(() => {
      questions.stop();
      tell(null);
    });
    questions.askWhereUnclear([A]);
    await asked[0]?.answer({ count: 3 });
    expect([counted, store.conversations.get(A)?.unread]).toEqual([[], 1]);
  });
});
