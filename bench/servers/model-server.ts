/** A model behind OpenAI's protocol whose tokens are the moment at which each was sent, on the machine's monotonic clock. */
import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { eventOf } from "../../apps/server/test/openai-fake-answers.ts";
import { seededRandom, type SeededRandom } from "../seeded-random.ts";
import { answerJson, listen } from "./listen.ts";

export interface Pace {
  /** Of every completion. */
  readonly tokens: number;
  /** The mean; where it is short, the first token comes at once. */
  readonly tokenDelayMs: number;
  /** Words, some of them emphasised, in paragraphs: to be looked at. Else moments. */
  readonly isProse?: boolean;
}

const MODELS = '{"object":"list","data":[{"id":"stamps","object":"model"}]}';
const LONG_DELAY_MS = 10;

/** Serves completions of that pace. */
export function serveModel(pace: Pace): Promise<string> {
  const random = seededRandom(9);
  return listen((request, response) => {
    if (request.method === "GET") return answerJson(response, MODELS);
    request.resume();
    request.on("end", () => void stream(response, pace, random));
  });
}

/** Tokens come between half and one and a half times their delay after each other, so that streams don't march in step. */
async function stream(response: ServerResponse, pace: Pace, random: SeededRandom): Promise<void> {
  const { tokens, tokenDelayMs, isProse = false } = pace;
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (let sent = 0; sent < tokens; sent++) {
    if (sent > 0 || tokenDelayMs > LONG_DELAY_MS) await pause(tokenDelayMs * (0.5 + random.next()));
    if (response.destroyed) return;
    response.write(chunk({ content: isProse ? wordAt(sent, random) : ` @${process.hrtime.bigint()}@` }, null));
  }
  response.end(`${chunk({}, "stop")}data: [DONE]\n\n`);
}

function wordAt(place: number, random: SeededRandom): string {
  if (place % 60 === 59) return ".\n\n";
  return place % 12 === 0 ? `**${random.text(1)}** ` : `${random.text(1)} `;
}

function chunk(delta: object, finishReason: string | null): string {
  return eventOf({ choices: [{ index: 0, delta, finish_reason: finishReason }] });
}
