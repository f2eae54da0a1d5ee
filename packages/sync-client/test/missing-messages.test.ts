/** Messages of an open conversation that are not loaded: which, who asks for them, and where the new begins. */
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { idOf, increment, row } from "./scripted-server.ts";
import { detail, message, NO_NETWORK } from "./scripted-transport.ts";
import { openDevice } from "./whole-device.ts";

const A = idOf("a");

describe("messages that could not be loaded", () => {
  it("[DEV-9] a banner's click that fails keeps the banner, says why, and loads only what is missing once it can", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.open = () => detail("a", 60);
    await device.views.openConversation(A);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(112, [row("a", 62, { at: 112 })]));
    expect(await device.views.loadNewer(A)).toBeNull();
    expect(device.views.get(A)).toMatchObject({
      newMessages: 2,
      newerProblem: NO_NETWORK,
      problem: null,
      hasOlder: true,
    });
    transport.answers.messages = () => ({
      messages: [message("a", 61), message("a", 62)],
      message_pagination: detail("a", 62).message_pagination,
    });
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(112));
    expect(device.views.get(A)).toMatchObject({ newMessages: 0, newerProblem: null, firstNewSeq: 61 });
    expect(transport.named("open")).toHaveLength(1);
    device.stop();
  });

  it("older messages that could not be loaded are asked for again by a person only, and take nothing away", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.open = () => detail("a", 60);
    await device.views.openConversation(A);
    await device.views.loadOlder(A);
    expect(device.views.get(A)).toMatchObject({ problem: NO_NETWORK, newerProblem: null });
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(100));
    expect(transport.named("open")).toHaveLength(1);
    device.stop();
  });
});

it("[DEV-10] a conversation that was not there when it was opened is loaded once it is restored elsewhere", async () => {
  const { device, transport, environment } = await openDevice();
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(111, [], [A]));
  transport.answers.open = () => ({ ...failure("conversation_trashed", "In the trash."), status: 404 });
  await device.views.openConversation(A);
  expect(device.views.get(A)).toMatchObject({ phase: "deleted" });
  transport.answers.open = () => detail("a", 10);
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(112, [row("a", 10)]));
  expect(device.views.get(A)).toMatchObject({ phase: "ready", problem: null, newMessages: 0 });
  device.stop();
});

it("[DEV-9] the divider moves up to where the new really begins as pages of it are loaded", async () => {
  const { device, transport, environment } = await openDevice();
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(180, [row("a", 80, { at: 180 })]));
  transport.answers.open = () => detail("a", 80);
  await device.views.openConversation(A);
  expect(device.views.get(A)).toMatchObject({ firstNewSeq: 31 });
  const older = Array.from({ length: 30 }, (_, index) => message("a", index + 1));
  transport.answers.messages = () => ({
    messages: older,
    message_pagination: { ...detail("a", 80).message_pagination, has_older: false, older_cursor: null },
  });
  await device.views.loadOlder(A);
  expect(device.views.get(A)).toMatchObject({ firstNewSeq: 11, hasOlder: false });
  device.stop();
});
