/** P6: a full sync of ten thousand conversations, page by page as a device asks for it: CPU, bytes, and how long others wait. */
import { gunzipSync, gzipSync } from "node:zlib";
import { HttpConnection, type HttpAnswer } from "../http-connection.ts";
import { SYNC_CALL, syncResponse } from "../increment-path.ts";
import { probeWhile } from "../probe.ts";
import type { Row } from "../row.ts";
import type { ServerProcess } from "../server-process.ts";
import { kilobytes, median, middleAndBest, ms, percentile, ratio } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

interface FullSync {
  readonly plainBytes: number;
  readonly gzipBytes: number;
  /** The same rows with their four fields only, compressed alike. */
  readonly fourFieldsBytes: number;
  readonly rows: number;
}

interface Figures {
  readonly cpuMs: number[];
  readonly wallMs: number[];
  readonly blockMs: number[];
  readonly probesMs: number[];
}

const GZIP = "Accept-Encoding: gzip\r\n";
/** The page size of a device. */
const LIMIT = 5000;
const MESSAGES_EACH = 10;

export async function measureFull(bench: Workbench): Promise<readonly Row[]> {
  const conversations = bench.size(10_000, 1000);
  const rounds = bench.size(15, 3);
  const { folder, ids } = await bench.data({ conversations, messagesEach: MESSAGES_EACH });
  const ours = await bench.serve({ kind: "program", dataDir: folder });
  const shape = { conversations, messagesEach: MESSAGES_EACH };
  const original = await bench.serve({ kind: "original", folder: bench.folder(), ...shape });
  const figures = { first: emptyFigures(), again: emptyFigures(), original: emptyFigures() };
  const writer = await HttpConnection.open(ours.url);
  for (let round = 0; round < rounds; round++) {
    bench.progress(`P6: round ${round + 1} of ${rounds}`);
    const path = `/api/conversations/${ids[round]}`;
    await writer.expect({ method: "PATCH", path, json: { title: `Round ${round}` } });
    await measureOne(ours, { path: "/healthz", figures: figures.first }, () => pages(ours));
    await measureOne(ours, { path: "/healthz", figures: figures.again }, () => pages(ours));
    const idle = `${SYNC_CALL}?since=${new Date(Date.now() + 86_400_000).toISOString()}`;
    await measureOne(original, { path: idle, figures: figures.original }, () => pages(original));
  }
  const notModifiedMs = await measureNotModified(ours, rounds);
  const [oursSize, originalSize] = [sizeOf(await pages(ours)), sizeOf(await pages(original))];
  if (oursSize.rows !== conversations) throw new Error(`${oursSize.rows} rows came instead of ${conversations}`);
  return [
    ...timeRows(figures),
    {
      target: "P6",
      what: `bytes of ${conversations} rows, gzip (plain)`,
      ours: `${kilobytes(oursSize.gzipBytes)} (${kilobytes(oursSize.plainBytes)})`,
      beside: `their four fields ${kilobytes(oursSize.fourFieldsBytes)}; original design ${kilobytes(originalSize.gzipBytes)} (${kilobytes(originalSize.plainBytes)})`,
      ratio: ratio(oursSize.gzipBytes / oursSize.fourFieldsBytes),
      goal: "≤ 1.00 of four fields",
    },
    { target: "P6", what: "unchanged: 304 after", ours: ms(notModifiedMs), goal: "304" },
  ];
}

function timeRows({
  first,
  again,
  original,
}: Readonly<Record<"first" | "again" | "original", Figures>>): readonly Row[] {
  const cpu = ({ cpuMs }: Figures) => middleAndBest(cpuMs, ms);
  const cpuRow = {
    target: "P6",
    what: "CPU of all pages, gzip",
    ours: `${cpu(first)}; the same clock again ${cpu(again)}`,
    beside: `original design ${cpu(original)}`,
    ratio: ratio(median(first.cpuMs) / median(original.cpuMs)),
    goal: "≤ 50 ms",
  };
  const row = (what: string, of: (figures: Figures) => number, goal: string): Row => ({
    target: "P6",
    what,
    ours: `${ms(of(first))}; the same clock again ${ms(of(again))}`,
    beside: `original design ${ms(of(original))}`,
    ratio: ratio(of(first) / of(original)),
    goal,
  });
  return [
    cpuRow,
    row("until the last byte of the last page", ({ wallMs }) => median(wallMs), "—"),
    row("longest the event loop was away, median of rounds", ({ blockMs }) => median(blockMs), "≤ 20 ms"),
    row("another small request meanwhile, worst of all", ({ probesMs }) => percentile(probesMs, 1), "≤ 20 ms"),
  ];
}

function emptyFigures(): Figures {
  return { cpuMs: [], wallMs: [], blockMs: [], probesMs: [] };
}

interface Probed {
  readonly path: string;
  readonly figures: Figures;
}

async function measureOne(
  server: ServerProcess,
  { path, figures }: Probed,
  run: () => Promise<unknown>,
): Promise<void> {
  const probes = await probeWhile({ url: server.url, paths: [path], everyMs: 2 }, async () => {
    await server.watch();
    const startedAt = performance.now();
    figures.cpuMs.push((await server.cpuWhile(run)) / 1000);
    figures.wallMs.push(performance.now() - startedAt);
    figures.blockMs.push((await server.usage()).longestBlockMs);
  });
  figures.probesMs.push(...probes);
}

/** All pages as a device asks for them; every server ignores what it doesn't know. */
async function pages({ url }: ServerProcess): Promise<readonly HttpAnswer[]> {
  const connection = await HttpConnection.open(url);
  const answers: HttpAnswer[] = [];
  let page = "";
  do {
    const answer = await connection.expect({ path: `${SYNC_CALL}?limit=${LIMIT}${page}`, headers: GZIP });
    answers.push(answer);
    const { next_page: nextPage } = syncResponse(plain(answer));
    page = nextPage ? `&page=${encodeURIComponent(nextPage)}` : "";
  } while (page !== "" && answers.length < 100);
  connection.close();
  return answers;
}

function sizeOf(answers: readonly HttpAnswer[]): FullSync {
  const responses = answers.map((answer) => syncResponse(plain(answer)));
  const fourFields = responses.map(({ conversations, ...rest }) => {
    const rows = conversations.map(({ id, title, message_count: count, updated_at: at }) => ({
      id,
      title,
      message_count: count,
      updated_at: at,
    }));
    return gzipSync(JSON.stringify({ conversations: rows, ...rest }), { level: 4 }).length;
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    plainBytes: sum(answers.map((answer) => plain(answer).length)),
    gzipBytes: sum(answers.map((answer) => answer.body.length)),
    fourFieldsBytes: sum(fourFields),
    rows: sum(responses.map(({ conversations }) => conversations.length)),
  };
}

function plain({ head, body }: HttpAnswer): Buffer {
  return /content-encoding: gzip/i.test(head) ? gunzipSync(body) : body;
}

async function measureNotModified({ url }: ServerProcess, rounds: number): Promise<number> {
  const connection = await HttpConnection.open(url);
  const { head } = await connection.expect({ path: `${SYNC_CALL}?limit=${LIMIT}` });
  const etag = /\r\netag: (.+)/i.exec(head)?.[1] ?? "";
  const tookMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const at = performance.now();
    const answer = await connection.ask({ path: `${SYNC_CALL}?limit=${LIMIT}`, headers: `If-None-Match: ${etag}\r\n` });
    if (answer.status !== 304) throw new Error(`${answer.status} instead of 304`);
    tookMs.push(answer.at - at);
  }
  connection.close();
  return median(tookMs);
}
