/** Stop, pressed before the server has the turn: it holds for the reply that begins all the same [TURN-5]. */
import { expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { idOf } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, summary, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice } from "./whole-device.ts";

const A = idOf("a");

it("[TURN-5] while a new chat is still being made, the reply that begins is stopped", async () => {
  const { device, transport } = await openDevice();
  let create: (made: unknown) => void = () => {};
  transport.answers.create = () => new Promise((resolve) => (create = resolve));
  transport.answers.open = () => ({ ...failure("conversation_not_found", "Not there."), status: 404 });
  transport.answers.stopReply = () => ({ status: "stopped" });
  const id = await device.turns.send(device.actions.createDraft(), "message 1");
  await settle();
  await device.turns.stop(id);
  expect(device.views.get(id)?.reply?.phase).toBe("stopping");
  create(summary("n", 0, { id }));
  await settle();
  await transport.stream.feed(turn("n", 1, [])[0] ?? null);
  expect(transport.named("stopReply")).toEqual([[id, message("n", 2).id]]);
  device.stop();
});

it("[TURN-5] a reply that comes in one piece is looked for until it has begun, and stopped then", async () => {
  const { device, transport, environment } = await openDevice();
  transport.answers.sendBatch = () => new Promise(() => {});
  transport.answers.stopReply = () => ({ status: "stopped" });
  transport.answers.open = () => detail("a", 10);
  await device.turns.send(A, "message 11", { mode: "batch" });
  await settle();
  await device.turns.stop(A);
  transport.answers.open = () => NO_NETWORK;
  await environment.advance(1000);
  expect(transport.named("stopReply")).toEqual([]);
  transport.answers.open = () =>
    detail("a", 11, { active_reply: { reply_id: message("a", 12).id, text: "", last_event_id: 1 } });
  await environment.advance(1000);
  expect(transport.named("stopReply")).toEqual([[A, message("a", 12).id]]);
  device.stop();
});

it("[DEV-2] what is looked for is looked for no more once the turn has ended, or the device has stopped", async () => {
  const { device, transport, environment } = await openDevice();
  let answer: (result: unknown) => void = () => {};
  transport.answers.sendBatch = () => new Promise((resolve) => (answer = resolve));
  transport.answers.open = () => detail("a", 10);
  await device.turns.send(A, "message 11", { mode: "batch" });
  await settle();
  await device.turns.stop(A);
  answer({ ...failure("stale_conversation", "Stale."), status: 409 });
  await settle();
  const opened = transport.named("open").length;
  await environment.advance(5000);
  expect(transport.named("open")).toHaveLength(opened);
  await device.turns.send(A, "message 12", { mode: "batch" });
  await settle();
  await device.turns.stop(A);
  device.stop();
  expect(environment.timerCount).toBe(0);
});

/** A message that is stopped while it has no answer, and will have none. */
async function stoppedUnanswered() {
  const whole = await openDevice();
  const { device, transport, environment } = whole;
  transport.answers.open = () => detail("a", 10);
  transport.answers.stopReply = () => ({ status: "stopped" });
  await device.views.openConversation(A);
  const { sendStream } = transport;
  transport.sendStream = () => new Promise(() => {});
  await device.turns.send(A, "message 11");
  await settle();
  await device.turns.stop(A);
  transport.sendStream = sendStream;
  transport.refusals = [NO_NETWORK];
  return { ...whole, giveUp: () => environment.advance(46_000) };
}

it("[TURN-5] a message that was stopped, and had no answer, is stopped as well where a later try has one", async () => {
  const { device, transport, environment, giveUp } = await stoppedUnanswered();
  await giveUp();
  await environment.emit("online");
  expect(device.views.get(A)?.reply?.phase).toBe("stopping");
  await transport.stream.feed(turn("a", 11, [])[0] ?? null);
  expect(transport.named("stopReply")).toEqual([[A, message("a", 12).id]]);
  device.stop();
});

it("[TURN-5] [DEV-12] so it is no more once its person has asked for it again", async () => {
  const { device, transport, giveUp } = await stoppedUnanswered();
  await giveUp();
  const [waiting] = device.views.get(A)?.pending ?? [];
  expect(waiting?.state).toBe("waiting");
  device.turns.retry(waiting?.clientMessageId ?? "");
  await settle();
  await transport.stream.feed(turn("a", 11, [])[0] ?? null);
  expect(device.views.get(A)?.reply?.phase).toBe("streaming");
  expect(transport.named("stopReply")).toEqual([]);
  device.stop();
});
