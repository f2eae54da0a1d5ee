/** P7: how long answers take to apply: everything at 10,000 conversations, and one change among them. */
import type { SyncResponse, SyncRow } from "@instep/protocol";
import { ConversationStore } from "@instep/sync-client";
import { applySync } from "../../packages/sync-client/src/apply-sync.ts";
import type { Row } from "../row.ts";
import { median, ms, percentile } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

const COUNT = 10_000;
const CHANGES = 2000;

/** The list is read after every change, as a page does; every row has a subscriber. */
export async function measureClientApply(bench: Workbench): Promise<readonly Row[]> {
  const rows = Array.from({ length: COUNT }, (_, index) => rowOf(index, index));
  const wholes: number[] = [];
  for (let round = 0; round < bench.size(40, 5); round++) wholes.push(measureWhole(newStore(), rows));
  const store = newStore();
  measureWhole(store, rows);
  let notified = 0;
  for (const { id } of rows) store.conversations.subscribe(id, () => notified++);
  const ones = Array.from({ length: CHANGES }, (_, index) => measureOne(store, index + 1));
  const timesOf = (values: readonly number[]) =>
    `p50 ${ms(median(values))}, p99 ${ms(percentile(values, 0.99))}, best ${ms(Math.min(...values))}`;
  return [
    { target: "P7", what: `${COUNT} rows applied and listed`, ours: timesOf(wholes), goal: "≤ 20 ms" },
    { target: "P7", what: `one change at ${COUNT} rows`, ours: timesOf(ones), goal: "≤ 0.2 ms" },
    { target: "P7", what: "subscribers told of one change", ours: `${notified / CHANGES} of ${COUNT}`, goal: "1" },
  ];
}

function newStore(): ConversationStore {
  return new ConversationStore({ unreadScope: "device", defaultModel: "demo" });
}

function measureWhole(store: ConversationStore, rows: readonly SyncRow[]): number {
  return timeOf(() => apply(store, answerOf([...rows], 0, true)));
}

function measureOne(store: ConversationStore, change: number): number {
  const changed = {
    ...rowOf((change * 31) % COUNT, change),
    message_count: 100 + change,
    updated_at: tick(1_000_000 + change),
  };
  const response = answerOf([changed], change, false);
  return timeOf(() => apply(store, response));
}

function apply(store: ConversationStore, response: SyncResponse): void {
  const since = store.state.watermark.serverTime;
  store.commit(applySync(store.state, { response, etag: null, since }));
  store.conversations.list();
}

function answerOf(rows: SyncRow[], at: number, isFull: boolean): SyncResponse {
  const rest = { deleted_ids: [], epoch: "e", has_more: false, next_page: null };
  return { conversations: rows, server_time: tick(1_000_000 + at), is_full_sync: isFull, ...rest };
}

function rowOf(index: number, at: number): SyncRow {
  const id = `${index.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
  // Scattered, so that nothing comes in the list's own order.
  return { id, title: `Conversation ${index}`, message_count: 10 + (at % 7), updated_at: tick((at * 7919) % 999_983) };
}

function tick(n: number): string {
  return `2026-01-01T00:00:${String(Math.floor(n / 1e6)).padStart(2, "0")}.${String(n % 1e6).padStart(6, "0")}Z`;
}

function timeOf(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
