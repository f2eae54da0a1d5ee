/** What answers in a chaos run: the demo model, or an endpoint that behaves well most of the time. */
import type { OpenAiFake } from "../../apps/server/test/openai-fake.ts";
import { FAKE_ANSWER } from "../../apps/server/test/openai-fake-answers.ts";
import type { Random } from "../random.ts";
import { Fault } from "./fault.ts";
import type { Ledger } from "./ledger.ts";
import type { Conversation } from "./deeds.ts";
import type { ProgramVariables } from "./program.ts";
import { reckon, type ShownMessage } from "./reckoning.ts";

/** Numbered words, so that a hole or a repetition shows. */
export const ENDPOINT_ANSWER = Array.from({ length: 180 }, (_, index) => `word${index}`).join(" ");
/** What comes of an answer that the endpoint breaks off. */
export const CUT_ANSWER = FAKE_ANSWER;

const CUTS_IN_A_LIFE = 2;

/** The settings for a life with one or the other model; sets the endpoint's pace. */
export function chooseModel(random: Random, fake: OpenAiFake): ProgramVariables {
  const delayMs = random.pick([0, 6, 20]);
  if (random.chance(0.5)) return { DEMO_TOKEN_DELAY_MS: String(delayMs) };
  fake.behave({ kind: "answer", text: ENDPOINT_ANSWER, tokenDelayMs: delayMs, firstTokenDelayMs: random.below(100) });
  fake.next({ kind: "status", status: 401 });
  for (let count = 0; count < CUTS_IN_A_LIFE; count += 1) fake.next({ kind: "cut", words: 1 + random.below(8) });
  return { OPENAI_BASE_URL: fake.baseUrl, TITLES: "words" };
}

/** What went to the endpoint is what the ledger knows of, whole, and no more often than it was asked [TURN-3, MODEL-3]. */
export function judgeCalls(
  requests: readonly { readonly body: { readonly messages?: unknown } }[],
  ledger: Ledger,
): void {
  ledger.figures.count("calls of the endpoint", requests.length);
  const calls = countsOf(requests.map(({ body }) => JSON.stringify(body.messages)));
  const asked = countsOf(
    [...ledger.conversations.values()].flatMap((conversation) => {
      return questionsOf(ledger, conversation).map((shown) => JSON.stringify(joinNeighbours(shown)));
    }),
  );
  for (const [question, count] of calls) {
    const allowed = asked.get(question) ?? 0;
    if (count <= allowed) continue;
    ledger.fail(new Fault("TURN-3", `${question} went to the model ${count} times, and was asked ${allowed} times`));
  }
}

/** What the model is shown in each turn; whoever can't be reckoned has a fault of its own. */
function questionsOf(ledger: Ledger, conversation: Conversation): (readonly ShownMessage[])[] {
  try {
    return [...reckon(conversation).shown.values()];
  } catch (error) {
    ledger.fail(error);
    return [];
  }
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** As every endpoint is shown a conversation: two messages of one role in a row are one [MODEL-3]. */
function joinNeighbours(shown: readonly ShownMessage[]): readonly ShownMessage[] {
  const joined: ShownMessage[] = [];
  for (const { role, content } of shown) {
    const last = joined.at(-1);
    if (last?.role === role) joined[joined.length - 1] = { role, content: `${last.content}\n\n${content}` };
    else joined.push({ role, content });
  }
  return joined;
}
