/** One turn against scripted streams, in virtual time. */
import type { TokenEvent, TurnEvent } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { idOf } from "../../test/scripted-server.ts";
import { NO_NETWORK, ScriptedTransport, turn } from "../../test/scripted-transport.ts";
import { settle, VirtualEnvironment } from "../../test/virtual-environment.ts";
import { failure } from "../failure.ts";
import { followReply, sendBatchMessage, sendStreamingMessage, stopReply, type TurnEnding } from "./turn.ts";

const EVENTS = turn("a", 1, ["Hel", "lo ", "there"]);
const event = (id: number): TurnEvent => EVENTS[id - 1] as TurnEvent;

function begin() {
  const transport = new ScriptedTransport();
  const environment = new VirtualEnvironment();
  const abort = new AbortController();
  const seen = { text: "", starts: 0, connections: [] as boolean[] };
  const handlers = {
    onStart: () => void seen.starts++,
    onToken: ({ text }: TokenEvent) => void (seen.text += text),
    onConnection: (isConnected: boolean) => void seen.connections.push(isConnected),
  };
  const base = { conversationId: idOf("a"), signal: abort.signal, handlers };
  const ports = { transport, streams: transport, environment };
  let ending: TurnEnding | null = null;
  const ended = (promise: Promise<TurnEnding>): void => void promise.then((value) => (ending = value));
  return { transport, environment, abort, seen, base, ports, ended, ending: () => ending };
}

function send() {
  const given = begin();
  const request = { ...given.base, send: { message: "Hi", client_message_id: idOf("m") } };
  given.ended(sendStreamingMessage(given.ports, request));
  return given;
}

describe("a streamed turn", () => {
  it("gives start, text and end in their order", async () => {
    const { transport, seen, ending } = send();
    await settle();
    await transport.stream.feed(...EVENTS);
    expect(seen).toMatchObject({ text: "Hello there", starts: 1 });
    expect(ending()).toMatchObject({ kind: "done", done: { message_count: 2 } });
    expect(transport.stream.isClosed).toBe(true);
  });

  it("[TURN-4] resumes after the last event where the connection is cut", async () => {
    const { transport, environment, seen, ending } = send();
    await settle();
    await transport.stream.feed(event(1), event(2), null);
    expect(seen.connections.at(-1)).toBe(false);
    await environment.advance(500);
    expect(transport.named("resumeStream")).toEqual([
      [idOf("a"), { replyId: EVENTS[0]?.event === "start" && EVENTS[0].data.reply_id, after: 2 }],
    ]);
    await transport.stream.feed(event(3), event(4), event(5));
    expect(seen.text).toBe("Hello there");
    expect(ending()).toMatchObject({ kind: "done" });
  });

  it("is followed no more where nobody is signed in: it goes on, and its end will be news", async () => {
    const { transport, environment, ending } = send();
    await settle();
    await transport.stream.feed(event(1), null);
    transport.refusals = [{ ...failure("unauthorized", "Signed out."), status: 401 }];
    await environment.advance(500);
    expect(ending()).toMatchObject({ kind: "failed", failure: { failed: "unauthorized" } });
  });

  it("[TURN-4] is patient anew after each cut, where words had come between them", async () => {
    const { transport, environment, seen } = send();
    environment.randomValue = 0.999;
    await settle();
    await transport.stream.feed(event(1), null);
    for (let id = 2; id <= 4; id++) {
      await environment.advance(500);
      expect(transport.named("resumeStream")).toHaveLength(id - 1);
      await transport.stream.feed(event(id), null);
    }
    expect(seen.text).toBe("Hello there");
  });

  it("[TURN-4] never skips a gap in the numbers, and takes no event twice", async () => {
    const { transport, environment, seen } = send();
    await settle();
    await transport.stream.feed(event(1), event(2), event(4));
    expect(seen.text).toBe("Hel");
    expect(transport.stream.isClosed).toBe(true);
    await environment.advance(500);
    await transport.stream.feed(event(2), event(3), event(3), event(4), event(5));
    expect(seen.text).toBe("Hello there");
  });

  it.each([
    ["the network is back", "online"],
    ["somebody comes back to the page", "focus"],
  ] as const)("backs off while the server can't be reached, and tries at once when %s", async (_when, back) => {
    const { transport, environment } = send();
    await settle();
    transport.refusals = [NO_NETWORK, NO_NETWORK, NO_NETWORK];
    await transport.stream.feed(event(1), null);
    await environment.advance(249);
    expect(transport.named("resumeStream")).toHaveLength(0);
    await environment.advance(1);
    expect(transport.named("resumeStream")).toHaveLength(1);
    await environment.advance(250);
    expect(transport.named("resumeStream")).toHaveLength(2);
    await environment.emit(back);
    expect(transport.named("resumeStream")).toHaveLength(3);
  });

  it("[LIMIT-1] keeps to the patience that the server asks for before it resumes", async () => {
    const { transport, environment } = send();
    await settle();
    transport.refusals = [{ ...failure("too_many_requests", "Later."), status: 429, retryAfterMs: 20_000 }];
    await transport.stream.feed(event(1), null);
    await environment.advance(250);
    expect(transport.named("resumeStream")).toHaveLength(1);
    await environment.advance(19_999);
    expect(transport.named("resumeStream")).toHaveLength(1);
    await environment.advance(1);
    expect(transport.named("resumeStream")).toHaveLength(2);
  });

  it("takes 45 seconds of silence for a dead connection", async () => {
    const { transport, environment } = send();
    await settle();
    await transport.stream.feed(event(1));
    await environment.advance(44_999);
    expect(transport.stream.isClosed).toBe(false);
    await environment.advance(1);
    expect(transport.stream.isClosed).toBe(true);
    await environment.advance(500);
    expect(transport.named("resumeStream")).toHaveLength(1);
  });

  it("[TURN-2] lets go without stopping the reply, and leaves no timer", async () => {
    const { transport, environment, abort, ending } = send();
    await settle();
    await transport.stream.feed(event(1));
    abort.abort();
    await settle();
    expect(ending()).toEqual({ kind: "left" });
    expect(transport.named("stopReply")).toEqual([]);
    expect(environment.timerCount).toBe(0);
    expect(environment.listenerCount).toBe(0);
  });

  it("says so where it was refused, or cut before the first event", async () => {
    const cut = send();
    await settle();
    await cut.transport.stream.feed(null);
    expect(cut.ending()).toMatchObject({ kind: "failed", failure: { failed: "unreachable" } });
    const refused = begin();
    refused.transport.refusals = [{ ...failure("reply_running", "busy"), status: 409 }];
    refused.ended(
      sendStreamingMessage(refused.ports, { ...refused.base, send: { message: "Hi", client_message_id: idOf("m") } }),
    );
    await settle();
    expect(refused.ending()).toMatchObject({ kind: "failed", failure: { failed: "reply_running" } });
  });

  it("[TURN-4] follows another device's reply from the event that is painted, to an end that comes again", async () => {
    const { transport, base, ports, ended, seen, ending } = begin();
    ended(followReply(ports, { ...base, replyId: "r" as never, after: 5 }));
    await settle();
    await transport.stream.feed(event(5));
    expect(seen.text).toBe("");
    expect(ending()).toMatchObject({ kind: "done" });
  });

  it("gives up following a reply that the server doesn't know", async () => {
    const { transport, base, ports, ended, ending } = begin();
    transport.refusals = [{ ...failure("reply_not_found", "none"), status: 404 }];
    ended(followReply(ports, { ...base, replyId: "r" as never, after: 0 }));
    await settle();
    expect(ending()).toMatchObject({ kind: "failed", failure: { failed: "reply_not_found" } });
  });
});

describe("a batch turn and a stop", () => {
  it("waits for the whole answer", async () => {
    const { transport, base, ports } = begin();
    transport.answers.sendBatch = () => ({ message_count: 2 });
    const result = await sendBatchMessage(ports, { ...base, send: { message: "Hi", client_message_id: idOf("m") } });
    expect(result).toEqual({ message_count: 2 });
  });

  it("[TURN-3] is asked for ten times where nothing answers, and no more", async () => {
    const { transport, environment, base, ports } = begin();
    transport.answers.sendBatch = () => new Promise(() => {});
    const result = sendBatchMessage(ports, { ...base, send: { message: "Hi", client_message_id: idOf("m") } });
    await environment.advance(3_600_000);
    expect(await result).toMatchObject({ failed: "timed_out" });
    expect([transport.named("sendBatch").length, environment.timerCount]).toEqual([10, 0]);
  });

  it("[TURN-5] finds the reply that is running where its id is not known", async () => {
    const { transport, ports } = begin();
    transport.answers.open = () => ({ active_reply: { reply_id: "r1" } });
    transport.answers.stopReply = () => ({ status: "stopped" });
    expect(await stopReply(ports, idOf("a"), null)).toBeUndefined();
    expect(transport.named("stopReply")).toEqual([[idOf("a"), "r1"]]);
  });
});
