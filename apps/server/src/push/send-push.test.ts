/** What becomes of a message on its way to a push service, whatever that does. */
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startPushService, type PushService } from "../../test/push-service.ts";
import { selfSigned } from "../../test/self-signed.ts";
import { isPublicAddress } from "./push-address.ts";
import { sendPush, type SendPushPorts } from "./send-push.ts";

const NEVER = new AbortController().signal;

let service: PushService;
beforeEach(async () => {
  service = await startPushService(() => "");
});
afterEach(() => service.stop());

function send(ports: Partial<SendPushPorts> = {}, stopping: AbortSignal = NEVER) {
  const { endpoint } = service.subscribe();
  const message = { endpoint, body: Buffer.alloc(200), authorization: () => "vapid", topic: "topic" };
  return sendPush(message, { ...service.ports, ...ports }, stopping);
}

test.each([
  { status: 200, outcome: "sent", asked: 1 },
  { status: 204, outcome: "sent", asked: 1 },
  { status: 302, outcome: "failed", asked: 1 },
  { status: 400, outcome: "failed", asked: 1 },
  { status: 401, outcome: "failed", asked: 1 },
  { status: 404, outcome: "gone", asked: 1 },
  { status: 410, outcome: "gone", asked: 1 },
  { status: 413, outcome: "failed", asked: 1 },
])("[PUSH-1] an answer of $status is $outcome, and is not asked for again", async ({ status, outcome, asked }) => {
  service.answerWith(status, 201);
  expect(await send()).toBe(outcome);
  expect(service.asked).toBe(asked);
});

test.each([
  { answers: [429, 200], outcome: "sent" },
  { answers: [500, 410], outcome: "gone" },
  { answers: [503, 503, 200], outcome: "failed" },
])("[PUSH-1] a service without time is asked a second time and no third: $answers is $outcome", async (of) => {
  service.answerWith(...of.answers);
  expect(await send()).toBe(of.outcome);
  expect(service.asked).toBe(2);
});

test("[PUSH-1] a service that hangs is given up when the time is over, and at once where the program stops", async () => {
  service.answerWith("hang", "hang");
  expect(await send({ patienceMs: 100 })).toBe("failed");
  const stopping = new AbortController();
  const sending = send({}, stopping.signal);
  await service.until(2);
  stopping.abort();
  expect(await sending).toBe("failed");
});

test("[PUSH-1] the wait for a second try ends with the program", async () => {
  service.answerWith(503);
  const stopping = new AbortController();
  const sending = send({ retryMs: 60_000 }, stopping.signal);
  await service.until(1);
  stopping.abort();
  expect(await sending).toBe("failed");
  expect(service.asked).toBe(1);
});

test("[PUSH-2] nothing is sent to a name that leads to this machine, nor to one that shows no certificate that is trusted", async () => {
  expect(await send({ isOpen: isPublicAddress })).toBe("failed");
  const { ca: _, ...trustingNobody } = service.ports;
  const { endpoint } = service.subscribe();
  const message = { endpoint, body: Buffer.alloc(200), authorization: () => "vapid", topic: "topic" };
  expect(await sendPush(message, trustingNobody, NEVER)).toBe("failed");
  expect(service.asked).toBe(0);
});

test("[SAFE-2] [PUSH-1] of an answer that never ends nothing is read but its status", async () => {
  const { cert, key } = selfSigned(7);
  const ended = Promise.withResolvers<void>();
  const endless = createServer({ cert, key }, (request, response) => {
    const writeOn = (): void => {
      while (response.write(Buffer.alloc(65_536)));
    };
    response.on("drain", writeOn).once("close", ended.resolve);
    request.resume();
    response.writeHead(201);
    writeOn();
  });
  await once(endless.listen(0, "localhost"), "listening");
  const endpoint = `https://localhost:${(endless.address() as AddressInfo).port}/push`;
  const message = { endpoint, body: Buffer.alloc(200), authorization: () => "vapid", topic: "topic" };
  expect(await sendPush(message, { ...service.ports, ca: cert, patienceMs: 60_000 }, NEVER)).toBe("sent");
  // Long before its time would be over.
  await ended.promise;
  endless.close();
});
