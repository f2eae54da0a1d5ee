/** What endpoints really answer, and how a reply ends: recorded cases, and any cut of the same bytes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModelError, type ModelChunk } from "../src/generation/model.ts";
import { createOpenAiModel } from "../src/generation/openai-model.ts";
import { answering, readCase, type CasePiece } from "./case-stream.ts";
import { eventOf } from "./openai-fake-answers.ts";

interface Limits {
  readonly firstTokenTimeoutMs?: number;
  readonly silenceTimeoutMs?: number;
}

/** What a reader of the reply ends up with. */
interface Outcome {
  readonly text: string;
  readonly thoughts: string;
  readonly end: string;
}

async function reply(pieces: readonly CasePiece[], limits: Limits = {}): Promise<Outcome> {
  const environment = answering(pieces);
  const endpoint = { baseUrl: "http://127.0.0.1:9/v1", apiKey: null };
  const timeouts = { firstTokenTimeoutMs: 60_000, silenceTimeoutMs: 60_000, ...limits };
  const model = createOpenAiModel({ id: "m", name: "m", endpoint: { ...endpoint, ...timeouts }, environment });
  const { signal } = new AbortController();
  const outcome = await collect(model.generate({ messages: [{ role: "user", content: "Hi" }], signal }));
  expect(environment.pendingTimers).toBe(0);
  return outcome;
}

async function collect(chunks: AsyncIterable<ModelChunk>): Promise<Outcome> {
  let said = { text: "", thoughts: "" };
  try {
    for await (const chunk of chunks) {
      if (chunk.kind === "end") return { ...said, end: chunk.stopReason };
      if (chunk.kind === "text_was_thoughts") said = { text: "", thoughts: said.text };
      else said = { ...said, [chunk.kind]: said[chunk.kind] + chunk.text };
    }
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { ...said, end: `${error.code}: ${error.detail}` };
  }
  throw new Error("The model neither ended nor failed");
}

const bytes = (...events: readonly string[]) => events.map((event) => Buffer.from(event));
const chunk = (delta: object, finish_reason: unknown = null) =>
  eventOf({ choices: [{ index: 0, delta, finish_reason }] });
const said = (content: string, finish: unknown = null) => chunk({ content }, finish);
const DONE = "data: [DONE]\n\n";

describe("recorded answers", () => {
  test.each([
    ["e01-finish-reason-empty", "One two three", "stop"],
    ["e03-finish-reason-stop-everywhere", "One two three", "stop"],
    ["e08-ping-event", "Hello", "stop"],
    ["e10-content-filter-half", "Half of the ", "content_filter"],
    ["e21-comments-while-thinking", "Hello", "stop"],
  ])("[MODEL-1] %s is the reply %o, ended by %s", async (name, text, end) => {
    expect(await reply(readCase(name), { firstTokenTimeoutMs: 5_000 })).toEqual({ text, thoughts: "", end });
  });

  test("[MODEL-2] an error in a choice fails in the server's own words, with the text kept", async () => {
    const { text, end } = await reply(readCase("e09-error-in-choice"));
    expect(text).toBe("Half of the ");
    expect(end).toMatch(/^model_\w+: .*Upstream idle timeout exceeded/);
  });

  test("[MODEL-2] a line `error:` fails in the server's own words, with the advice for a long conversation", async () => {
    const { text, end } = await reply(readCase("e11-error-field"));
    expect(text).toBe("Hello ");
    expect(end).toMatch(
      /^model_failed: .*exceeds the available context size; shorten the message, or start a new chat/,
    );
  });

  test("[MODEL-5] thoughts that only a closing mark ends are thoughts", async () => {
    expect(await reply(readCase("e13-think-without-opening"))).toEqual({
      text: "Friendly greeting",
      thoughts: "Okay, the user greets me. I should greet back.\n",
      end: "stop",
    });
  });
});

describe("the end of a reply", () => {
  test.each([null, "", "unknown", "null", 7, {}, "none yet"])("[MODEL-1] the reason %o is none", async (reason) => {
    expect(await reply([...bytes(said("One ", reason)), 40_000, ...bytes(said("two"), DONE)])).toMatchObject({
      text: "One two",
      end: "stop",
    });
  });

  test.each([
    ["stop", "stop"],
    ["STOP", "stop"],
    ["end_turn", "stop"],
    ["length", "length"],
    ["max_tokens", "length"],
    ["MAX_TOKENS", "length"],
    ["model_length", "length"],
    ["content_filter", "content_filter"],
    ["SAFETY", "content_filter"],
    ["tool_calls", "tool_calls"],
  ])("[MODEL-2] the reason %o is told as %s", async (reason, end) => {
    expect(await reply(bytes(said("Words", reason)))).toMatchObject({ text: "Words", end });
  });

  test.each(["error", "network_error", "insufficient_system_resource"])(
    "[MODEL-2] the reason %o is a failure with the text kept",
    async (reason) => {
      const { text, end } = await reply(bytes(said("Half"), chunk({}, reason), DONE));
      expect(text).toBe("Half");
      expect(end).toMatch(/^model_interrupted: /);
    },
  );

  test("[MODEL-1] in silence after a reason it is over within ten seconds, also among comments for ever", async () => {
    const pieces = bytes(said("Words", "stop"));
    expect(await reply([...pieces, 10_000, ...bytes(said(" never"))])).toMatchObject({ text: "Words", end: "stop" });
    const comments = Array.from({ length: 100 }, () => [2_000, Buffer.from(": still here\n\n")]).flat();
    expect(await reply([...pieces, ...comments, ...bytes(said(" never"))])).toMatchObject({
      text: "Words",
      end: "stop",
    });
  });

  test("[MODEL-1] among comments for ever it is over as soon where the wall clock is put back", async () => {
    const comments = Array.from({ length: 100 }, () => [2_000, Buffer.from(": still here\n\n")]).flat();
    const steps = { wallClockSteps: -3_600_000 };
    expect(await reply([...bytes(said("Words", "stop")), steps, ...comments, ...bytes(said(" never"))])).toMatchObject({
      text: "Words",
      end: "stop",
    });
  });

  test("[MODEL-1] a model that took its reason back is waited for as for any other", async () => {
    const pieces = [
      ...bytes(said("One ", "stop"), said("two ", "stop")),
      30_000,
      ...bytes(said("three", "stop"), DONE),
    ];
    expect(await reply(pieces)).toMatchObject({ text: "One two three", end: "stop" });
  });

  test("[MODEL-1] thoughts after a reason take it back too", async () => {
    const pieces = [...bytes(chunk({}, "stop"), chunk({ reasoning: "hm" })), 30_000, ...bytes(said("Yes"), DONE)];
    expect(await reply(pieces)).toEqual({ text: "Yes", thoughts: "hm", end: "stop" });
  });

  test("[MODEL-1] comments are a sign of life between words as before the first", async () => {
    const comments = Array.from({ length: 10 }, () => [50_000, Buffer.from(": alive\n\n")]).flat();
    expect(await reply([...comments, ...bytes(said("One ")), ...comments, ...bytes(said("two"), DONE)])).toMatchObject({
      text: "One two",
      end: "stop",
    });
    expect((await reply([...bytes(said("One ")), 60_000, ...bytes(said("two"))])).end).toMatch(
      /^model_timeout: .*silent/,
    );
    expect((await reply([60_000, ...bytes(said("One"))])).end).toMatch(/^model_timeout: .*did not begin/);
  });

  test.each([
    ["a ping", 'event: ping\ndata: {"type":"ping"}\n\n'],
    ["choices that are null", eventOf({ choices: null })],
    ["no choices", eventOf({ choices: [] })],
    ["words", "data: still working\n\n"],
    ["another event", "event: status\ndata: queued\n\n"],
    ["an unknown field", "progress: 50\n\n"],
    ["an error that is null", eventOf({ choices: [], error: null })],
    ["an error that is empty", eventOf({ choices: [], error: {} })],
    ["a detail of another event", 'event: status\ndata: {"detail":"queued"}\n\n'],
    ["a detail of something", eventOf({ type: "status", detail: "queued" })],
    ["a detail that is empty", eventOf({ detail: "" })],
    ["a list of errors that is empty", eventOf({ choices: null, errors: [] })],
    ["a bare line of JSON", `: queued\n{"status":"queued"}\n\n`],
  ])("[MODEL-1] %s is passed over wherever it stands", async (_what, event) => {
    expect(await reply(bytes(event, said("One "), event, said("two", "stop"), event, DONE))).toMatchObject({
      text: "One two",
      end: "stop",
    });
  });

  test("[MODEL-2] an event named error is one, whatever it holds", async () => {
    expect((await reply(bytes(said("Half"), "event: error\ndata: out of memory\n\n"))).end).toMatch(/out of memory/);
    expect((await reply(bytes(said("Half"), 'data: {"code":500,"message":"gone"}\n\n'))).end).toMatch(/gone/);
  });

  test.each([
    ["a bare line", '{"error":"an unexpected error while generating"}\n', "an unexpected error while generating"],
    ["a bare line that nothing ends", '{"error":{"message":"gone"}}', "gone"],
    ["a bare line with a detail", '{"detail":"Internal Server Error"}\r\n', "Internal Server Error"],
    ["a detail", 'data: {"detail":"Internal Server Error"}\n\n', "Internal Server Error"],
    ["details", 'data: {"detail":[{"loc":["body"],"msg":"out of memory"}]}\n\n', "out of memory"],
    ["a problem", 'data: {"type":"about:blank","status":500,"detail":"out of memory"}\n\n', "out of memory"],
    ["a list", 'data: {"success":false,"errors":[{"code":3,"message":"out of memory"}]}\n\n', "out of memory"],
    ["a list of words", 'data: {"errors":["out of memory"]}\n\n', "out of memory"],
  ])("[MODEL-2] an error as %s fails in the server's own words, with the text kept", async (_how, event, words) => {
    const { text, end } = await reply(bytes(said("Half"), event));
    expect([text, end]).toEqual(["Half", expect.stringMatching(`^model_failed: .*${words}`)]);
    const alone = event.replace("data: ", "");
    expect((await reply(bytes(alone))).end).toBe(end);
  });

  test("[MODEL-2] an error after a reason is an error all the same", async () => {
    expect(await reply(bytes(said("All", "stop"), 'data: {"error":{"message":"too late"}}\n\n'))).toMatchObject({
      text: "All",
      end: expect.stringContaining("too late"),
    });
  });
});

describe("what a model thinks", () => {
  test.each<[string, readonly string[], Partial<Outcome>]>([
    [
      "reasoning_content",
      [chunk({ reasoning_content: "hm " }), chunk({ reasoning_content: "so" }), said("Yes")],
      { thoughts: "hm so", text: "Yes" },
    ],
    ["reasoning", [chunk({ reasoning: "hm", content: "" }), said("\n\nYes")], { thoughts: "hm", text: "Yes" }],
    [
      "both of them at once",
      [chunk({ reasoning_content: "hm", reasoning: "hm" }), said("Yes")],
      { thoughts: "hm", text: "Yes" },
    ],
    [
      "parts of its content",
      [chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "hm" }] }] }), said("Yes")],
      { thoughts: "hm", text: "Yes" },
    ],
    ["marks", [said("<think>hm</think>\n\nYes")], { thoughts: "hm", text: "Yes" }],
    [
      "marks of the longer name, after white space",
      [said("\n <Thinking>hm</thinking>Yes")],
      { thoughts: "hm", text: "Yes" },
    ],
    ["marks that are never closed", [said("<think>hm")], { thoughts: "hm", text: "" }],
    [
      "a second thought before the reply",
      [said("<think>a</think>\n<think>b</think>Yes")],
      { thoughts: "ab", text: "Yes" },
    ],
  ])("[MODEL-5] is told apart where it comes as %s", async (_how, events, expected) => {
    expect(await reply(bytes(...events, DONE))).toMatchObject({ ...expected, end: "stop" });
  });

  test.each([
    "The tag `</think>` closes it.",
    "```\n</think>\n```\nis the tag",
    "Write <think> first.",
    "Use <think> and </think> like so. The rest.",
    "<b>Use</b> <Thinking>\n</thinking> and </think>.",
    "a < b and 1 </ 2 <",
    "  indented",
  ])("[MODEL-5] %o is a reply and no thought", async (text) => {
    expect(await reply(bytes(said(text), DONE))).toEqual({ text, thoughts: "", end: "stop" });
  });

  test("[MODEL-5] thoughts that only a closing mark ends may speak of an opening one in code", async () => {
    const text = "`<think>` or\n```\n<thinking>\n```\nis asked.</think>Yes";
    expect(await reply(bytes(...text.split("").map((each) => said(each)), DONE))).toMatchObject({
      text: "Yes",
      end: "stop",
    });
  });

  test("[MODEL-5] what was held back stays where the connection breaks", async () => {
    expect(await reply(bytes(said("Half </thi"), 'data: {"choices":['))).toMatchObject({ text: "Half </thi" });
  });
});

const anyEvent = fc.oneof(
  fc.string({ unit: "grapheme" }).map((text) => said(text)),
  fc.constantFrom("<think>", "</think>", "<thinking>", "`", "\n", " ", "<", "</th").map((text) => said(text)),
  fc.string({ unit: "grapheme" }).map((text) => chunk({ reasoning_content: text })),
  fc.constantFrom("stop", "", "length", "odd", "error").map((reason) => chunk({}, reason)),
  fc.constantFrom(
    ": comment\n\n",
    'event: ping\ndata: {"type":"ping"}\n\n',
    "data: words\n\n",
    DONE,
    said("\r\n").replaceAll("\n", "\r\n"),
  ),
  fc.constantFrom('data: {"error":{"message":"broken"}}\n\n', "error: broken\n\n"),
);

test("[MODEL-1] the same bytes are the same reply, wherever they are cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyEvent, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      async (events, sizes) => {
        const whole = Buffer.from(events.join(""));
        expect(await reply(cut(whole, sizes))).toEqual(await reply([whole]));
      },
    ),
  );
});

function cut(whole: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length;) {
    const size = sizes[pieces.length % sizes.length] ?? 1;
    pieces.push(whole.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
