/**
 * P9: what the server adds to a model's first token, and what it makes of 500 replies at once. The model is a process of its own whose
 * tokens say when they were sent; the same client reads it directly and through the server.
 */
import type { ConversationId } from "@instep/protocol";
import { randomUUID } from "node:crypto";
import type { Row } from "../row.ts";
import type { ServerProcess } from "../server-process.ts";
import type { Pace } from "../servers/model-server.ts";
import { readStamped, type StampedStream } from "../stamped-stream.ts";
import { median, megabytes, micros, ms, percentile, spread } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

interface Stage {
  readonly program: ServerProcess;
  readonly model: ServerProcess;
  readonly ids: readonly ConversationId[];
}

export async function measureStreaming(bench: Workbench): Promise<readonly Row[]> {
  const first = await measureFirstToken(bench);
  await bench.cleanUp();
  return [...first, ...(await measureManyReplies(bench))];
}

async function measureFirstToken(bench: Workbench): Promise<readonly Row[]> {
  const rounds = bench.size(300, 20);
  const stage = await setUp(bench, { tokens: 3, tokenDelayMs: 1 }, rounds);
  const direct: number[] = [];
  const through: number[] = [];
  const added: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bench.progress(`P9: first token, round ${round + 1} of ${rounds}`);
    direct.push((await readDirect(stage)).firstTokenMs);
    through.push((await readThrough(stage, round)).firstTokenMs);
    added.push((through.at(-1) ?? 0) - (direct.at(-1) ?? 0));
  }
  return [
    {
      target: "P9",
      what: "until the first token",
      ours: `p50 ${ms(median(through))}, p99 ${ms(percentile(through, 0.99))}`,
      beside: `the model itself p50 ${ms(median(direct))}, p99 ${ms(percentile(direct, 0.99))}`,
      goal: "—",
    },
    { target: "P9", what: "added to the model's first token, median", ours: ms(median(added)), goal: "≤ 3 ms" },
  ];
}

async function measureManyReplies(bench: Workbench): Promise<readonly Row[]> {
  const replies = bench.size(500, 20);
  const tokens = bench.size(60, 10);
  const tokenDelayMs = 100;
  const stage = await setUp(bench, { tokens, tokenDelayMs }, replies);
  bench.progress(`P9: ${replies} replies at once, from the model itself`);
  const direct = await Promise.all(Array.from({ length: replies }, () => readDirect(stage)));
  bench.progress(`P9: ${replies} replies at once, through the server`);
  const { rssBytes: before } = await stage.program.usage();
  let through: readonly StampedStream[] = [];
  const cpuMicros = await stage.program.cpuWhile(async () => {
    through = await Promise.all(Array.from({ length: replies }, (_, index) => readThrough(stage, index)));
  });
  const { peakRssBytes } = await stage.program.usage();
  const agesOf = (streams: readonly StampedStream[]) => streams.flatMap(({ agesMs }) => agesMs);
  const came = agesOf(through).length;
  const pace = `${replies} replies at once, ${1000 / tokenDelayMs} tokens/s each`;
  return [
    {
      target: "P9",
      what: `a token's way, ${pace}`,
      ours: spread(agesOf(through)),
      beside: `the model itself ${spread(agesOf(direct))}`,
      goal: "≤ 50 ms",
    },
    { target: "P9", what: "the server's CPU of one token", ours: micros(cpuMicros / came), goal: "—" },
    {
      target: "P9",
      what: "the server's memory, before and at its peak",
      ours: `${megabytes(before)}, ${megabytes(peakRssBytes)}`,
      goal: "—",
    },
    { target: "P9", what: "tokens missing", ours: `${replies * tokens - came} of ${replies * tokens}`, goal: "0" },
  ];
}

async function setUp(bench: Workbench, pace: Pace, conversations: number): Promise<Stage> {
  const model = await bench.serve({ kind: "model", ...pace });
  const { folder, ids } = await bench.data({ conversations, messagesEach: 2 });
  const limits = { MAX_REPLIES_PER_ACCOUNT: "1000", MAX_REPLIES: "1000" };
  const env = { OPENAI_BASE_URL: `${model.url}/v1`, MODELS: "stamps", TITLES: "words", ...limits };
  return { program: await bench.serve({ kind: "program", dataDir: folder, env }), model, ids };
}

function readDirect({ model }: Stage): Promise<StampedStream> {
  const body = { model: "stamps", stream: true, messages: [{ role: "user", content: "Hello" }] };
  return readStamped({ url: `${model.url}/v1/chat/completions`, body });
}

function readThrough({ program, ids }: Stage, index: number): Promise<StampedStream> {
  const url = `${program.url}/api/conversations/${ids[index]}/chat/stream`;
  return readStamped({ url, body: { message: "Hello", client_message_id: randomUUID() } });
}
