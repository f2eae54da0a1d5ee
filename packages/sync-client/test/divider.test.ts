/** The line above what is new: there while one reads, gone with a send of one's own or when one leaves, and never back by itself [DEV-9]. */
import { expect, it } from "vitest";
import { INTERVAL_MS } from "./device-fixture.ts";
import { idOf, increment, row } from "./scripted-server.ts";
import { detail, summary } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, type WholeDevice } from "./whole-device.ts";

const [A, B] = [idOf("a"), idOf("b")];

/** A device with two new messages in A, which is open. */
async function reading(): Promise<WholeDevice & { readonly divider: () => number | null | undefined }> {
  const whole = await openDevice();
  const { device, transport, environment } = whole;
  transport.answers.open = (id) => (id === A ? detail("a", 12) : detail("b", 20));
  transport.answers.markRead = () => summary("a", 12, { read_seq: 12, unread_count: 0 });
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
  await device.views.openConversation(A);
  await settle();
  const divider = (): number | null | undefined => device.views.get(A)?.firstNewSeq;
  expect(divider()).toBe(11);
  return { ...whole, divider };
}

it("[DEV-9] is kept while one reads, whatever is loaded again", async () => {
  const { device, environment, divider } = await reading();
  await environment.emit("hide");
  await environment.emit("show");
  expect(divider()).toBe(11);
  device.stop();
});

it("[DEV-9] is gone once one has written there", async () => {
  const { device, divider } = await reading();
  await device.turns.send(A, "message 13");
  expect(divider()).toBeNull();
  device.stop();
});

it("[DEV-9] is gone once one has left, and stands nowhere when one is back", async () => {
  const { device, divider } = await reading();
  await device.views.openConversation(B);
  expect(divider()).toBeNull();
  await device.views.openConversation(A);
  expect(divider()).toBeNull();
  device.stop();
});
