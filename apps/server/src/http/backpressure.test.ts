import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { endWhereStalled } from "./backpressure.ts";

/** More than any connection takes unread. */
const LARGE = Buffer.alloc(32_000_000, "x");

/** Asks whoever answers so, and reads nothing yet. */
async function ask(answer: (response: ServerResponse) => void, stalledMs = 50): Promise<Socket> {
  const server = createServer((_request, response) => {
    endWhereStalled(response, stalledMs);
    answer(response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").pause();
  socket.on("error", () => undefined);
  onTestFinished(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  return socket;
}

const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "is written at once": (response) => response.end(LARGE),
  "is piped": (response) => void Readable.from([LARGE, LARGE]).pipe(response),
};

test.each(Object.entries(ANSWERS))(
  "[SAFE-2] an answer that %s is cut where its reader takes nothing",
  async (...row) => {
    const { promise: closed, resolve } = Promise.withResolvers<boolean>();
    await ask((response) => {
      response.once("close", () => resolve(response.writableFinished));
      row[1](response);
    });
    expect(await closed).toBe(false);
  },
);

test.each(Object.entries(ANSWERS))("one that %s comes whole to a reader that is slow", async (...row) => {
  const { promise: closed, resolve } = Promise.withResolvers<boolean>();
  const socket = await ask((response) => {
    response.once("close", () => resolve(response.writableFinished));
    row[1](response);
  }, 1000);
  // In all it takes far longer than anybody may take nothing.
  const reading = setInterval(() => socket.read(400_000), 20);
  onTestFinished(() => clearInterval(reading));
  expect(await closed).toBe(true);
});

test("a short one leaves no clock to the next answer of its connection", async () => {
  const timeouts: number[] = [];
  const socket = await ask((response) => {
    response.once("prefinish", () => timeouts.push(response.socket?.timeout ?? 0));
    response.end("short");
  });
  socket.resume();
  await once(socket, "data");
  expect(timeouts).toEqual([0]);
});
