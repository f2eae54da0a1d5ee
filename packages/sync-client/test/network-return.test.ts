/** What was asked over a network that has been away may never be answered [DEV-14]. */
import { afterEach, expect, it, vi } from "vitest";
import { isFailure } from "../src/failure.ts";
import type { Transport } from "../src/transport/transport.ts";
import { idOf, tick } from "./scripted-server.ts";

const A = idOf("a");
const ASK = { since: tick(5), epoch: "e1", waitS: 0, page: null, etag: null };

/** A page's transport over connections of which none is ever answered, and its `online`. */
async function deadNetwork() {
  const page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.resetModules();
  const { fetchTransport } = await import("../src/transport/fetch-transport.ts");
  let isStreaming = false;
  const hang = (_url: unknown, { signal }: RequestInit = {}): Promise<Response> => {
    const dead = new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    if (!isStreaming) return dead;
    const start = (controller: ReadableStreamDefaultController): void =>
      void dead.catch((error) => controller.error(error));
    return Promise.resolve(new Response(new ReadableStream({ start })));
  };
  return {
    transport: fetchTransport({ fetch: hang }),
    opens: () => (isStreaming = true),
    comesBack: () => void page.dispatchEvent(new Event("online")),
  };
}

afterEach(() => vi.unstubAllGlobals());

const never = (): AbortSignal => new AbortController().signal;

it.each<[string, (transport: Transport) => Promise<unknown>]>([
  ["a sync", (transport) => transport.sync(ASK, never())],
  ["an opening", (transport) => transport.open(A, 50)],
  ["a change", (transport) => transport.patch(A, { pinned: true })],
  ["a message", (transport) => transport.sendStream(A, { client_message_id: A, message: "Hi" }, never())],
])("[DEV-1] [DEV-14] %s that hangs is given up once the network is back, and can go again", async (_what, call) => {
  const { transport, comesBack } = await deadNetwork();
  for (let times = 0; times < 2; times++) {
    const answer = call(transport);
    comesBack();
    const failed = await answer;
    expect(isFailure(failed) && failed.failed).toBe("unreachable");
  }
});

it("[TURN-4] [DEV-14] a reply's connection that has died is known as cut once the network is back", async () => {
  const { transport, comesBack, opens } = await deadNetwork();
  opens();
  const stream = await transport.resumeStream(A, { replyId: A as never, after: 0 }, never());
  if (isFailure(stream)) throw new Error(stream.detail);
  const next = stream.next();
  comesBack();
  expect(await next).toBeNull();
});

it("[DEV-14] where no page is, a request that is over leaves nothing behind", async () => {
  vi.unstubAllGlobals();
  vi.resetModules();
  const { fetchTransport } = await import("../src/transport/fetch-transport.ts");
  const asked: (AbortSignal | null | undefined)[] = [];
  const answer = async (_url: unknown, { signal }: RequestInit = {}): Promise<Response> => {
    asked.push(signal);
    return Response.json({});
  };
  const own = never();
  await fetchTransport({ fetch: answer }).sync(ASK, own);
  // Not one that hangs on another that never ends: those are kept as long as that one.
  expect(asked).toEqual([own]);
  expect(asked[0]).toBe(own);
});
