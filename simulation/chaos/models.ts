/** What answers in a chaos run: the demo model, or an endpoint that behaves well most of the time. */
import type { OpenAiFake } from "../../apps/server/test/openai-fake.ts";
import { FAKE_ANSWER } from "../../apps/server/test/openai-fake.ts";
import type { Random } from "../random.ts";
import { must } from "./fault.ts";
import { questionOf, type Ledger } from "./ledger.ts";
import type { Environment } from "./program.ts";

/** Numbered words, so that a hole or a repetition shows. */
export const ENDPOINT_ANSWER = Array.from({ length: 180 }, (_, index) => `word${index}`).join(" ");
/** What comes of an answer that the endpoint breaks off. */
export const CUT_ANSWER = FAKE_ANSWER;

const CUTS_IN_A_LIFE = 2;

/** The settings for a life with one or the other model; sets the endpoint's pace. */
export function chooseModel(random: Random, fake: OpenAiFake): Environment {
  const delayMs = random.pick([0, 6, 20]);
  if (random.chance(0.5)) return { DEMO_TOKEN_DELAY_MS: String(delayMs) };
  fake.behave({ kind: "answer", text: ENDPOINT_ANSWER, tokenDelayMs: delayMs, firstTokenDelayMs: random.below(100) });
  fake.next({ kind: "status", status: 401 });
  for (let count = 0; count < CUTS_IN_A_LIFE; count += 1) fake.next({ kind: "cut", words: 1 + random.below(8) });
  return { OPENAI_BASE_URL: fake.baseUrl, TITLES: "words" };
}

/** No question went to the endpoint more often than it was asked: once, and once for each time that it was asked again [TURN-3]. */
export function judgeCalls(fake: OpenAiFake, ledger: Ledger): void {
  const calls = new Map<string, number>();
  for (const { body } of fake.requests) {
    const question = body.messages?.at(-1)?.content ?? "";
    calls.set(question, (calls.get(question) ?? 0) + 1);
  }
  ledger.figures.count("calls of the endpoint", fake.requests.length);
  const asked = new Map<string, number>();
  for (const turn of [...ledger.conversations.values()].flatMap(({ turns }) => turns)) {
    const question = questionOf(turn).text ?? "";
    asked.set(question, (asked.get(question) ?? 0) + 1);
  }
  for (const [question, count] of calls) {
    const allowed = asked.get(question) ?? 0;
    must(
      count <= allowed,
      "TURN-3",
      () => `"${question}" went to the model ${count} times, and was asked ${allowed} times`,
    );
  }
}
