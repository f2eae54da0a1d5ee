/** Opening clears a badge once: what another device marks afterwards stays its own. */
import { describe, expect, it } from "vitest";
import { idOf, increment, row } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, summary } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { openDevice, type WholeDevice } from "./whole-device.ts";

const [A, B] = [idOf("a"), idOf("b")];

/** A device with a badge of 2 on conversation a. */
async function badged(): Promise<WholeDevice> {
  const whole = await openDevice();
  await whole.environment.advance(INTERVAL_MS);
  await whole.transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
  whole.transport.answers.open = (id: string) => detail(id === A ? "a" : "b", id === A ? 12 : 20);
  whole.transport.answers.markRead = () => summary("a", 12, { read_seq: 12, unread_count: 0 });
  return whole;
}

async function open({ device }: WholeDevice, id: string): Promise<void> {
  await device.views.openConversation(id);
  await settle();
}

describe("[DEV-3] a conversation that was opened with a badge", () => {
  /** Ways in which its badge came to be cleared. */
  const clearings: Record<string, (whole: WholeDevice) => Promise<void>> = {
    "at once": (whole) => open(whole, A),
    "once the network was back": async (whole) => {
      const { answers } = whole.transport;
      const loads = answers.open ?? expect.fail();
      answers.open = () => NO_NETWORK;
      await open(whole, A);
      answers.open = loads;
      await whole.environment.advance(INTERVAL_MS);
      await whole.transport.last.answer(increment(113));
    },
    "by the banner's click": async (whole) => {
      const { answers } = whole.transport;
      const loads = answers.open ?? expect.fail();
      answers.open = () => detail("a", 10);
      await open(whole, A);
      answers.messages = () => ({
        messages: [message("a", 11), message("a", 12)],
        message_pagination: detail("a", 12).message_pagination,
      });
      await whole.device.views.loadNewer(A);
      answers.open = loads;
    },
  };
  for (const [way, clear] of Object.entries(clearings)) {
    it(`whose badge was cleared ${way}, leaves other devices' badges alone when it is opened again without one`, async () => {
      const whole = await badged();
      await clear(whole);
      expect(whole.transport.named("markRead").length).toBeGreaterThan(0);
      await open(whole, B);
      whole.transport.calls.length = 0;
      await open(whole, A);
      expect(whole.transport.named("markRead")).toEqual([]);
      whole.device.stop();
    });
  }
});
