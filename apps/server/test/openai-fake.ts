/** A real HTTP server that speaks OpenAI's chat completions and misbehaves on request; for tests of the server and of the page. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answer, type FakeBehaviour, type FakeRequest, sendJson } from "./openai-fake-answers.ts";

export interface OpenAiFake {
  /** For `OPENAI_BASE_URL`. */
  readonly baseUrl: string;
  /** Completion requests in the order in which they came. */
  readonly requests: readonly FakeRequest[];
  /** What every request gets from now on, unless `next` says otherwise. */
  behave(behaviour: FakeBehaviour): void;
  /** What the next requests get, one each. */
  next(...behaviours: readonly FakeBehaviour[]): void;
  /** What `GET …/models` lists. */
  offer(...modelIds: readonly string[]): void;
  /** Answers 404 where models are asked for. */
  hideList(): void;
  /** Refuses connections until `accept`. */
  refuse(): Promise<void>;
  /** Takes connections again, at the same address. */
  accept(): Promise<void>;
  /** Resolves with the first request that `accepts` says yes to, waiting for it where it has not come. */
  waitForRequest(accepts?: (request: FakeRequest) => boolean): Promise<FakeRequest>;
  /** Resolves once the client of that request has gone away. */
  waitForAbandon(request: FakeRequest): Promise<void>;
  close(): Promise<void>;
}

/** Starts a fake on a free port of the loopback interface. */
export async function startOpenAiFake(): Promise<OpenAiFake> {
  const fake = new RunningFake();
  await fake.accept();
  return fake;
}

const COMPLETIONS = /^\/(?:v1|openai\/deployments\/\w+)\/chat\/completions$/;

class RunningFake implements OpenAiFake {
  readonly requests: FakeRequest[] = [];
  #server: Server | null = null;
  #port = 0;
  #behaviour: FakeBehaviour = { kind: "answer" };
  #next: FakeBehaviour[] = [];
  #modelIds: readonly string[] = ["fake-model"];
  #hasList = true;
  #watchers: (() => void)[] = [];

  get baseUrl(): string {
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  behave(behaviour: FakeBehaviour): void {
    this.#behaviour = behaviour;
  }

  next(...behaviours: readonly FakeBehaviour[]): void {
    this.#next.push(...behaviours);
  }

  offer(...modelIds: readonly string[]): void {
    this.#modelIds = modelIds;
  }

  hideList(): void {
    this.#hasList = false;
  }

  async accept(): Promise<void> {
    const server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  }

  async close(): Promise<void> {
    await this.refuse();
  }

  async waitForRequest(accepts: (request: FakeRequest) => boolean = () => true): Promise<FakeRequest> {
    for (;;) {
      const found = this.requests.find(accepts);
      if (found) return found;
      await this.#change();
    }
  }

  async waitForAbandon(request: FakeRequest): Promise<void> {
    while (!request.isAbandoned) await this.#change();
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => void this.#watchers.push(resolve));
  }

  #tell(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const resolve of watchers) resolve();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const { pathname } = new URL(path, "http://fake");
    if (pathname.endsWith("/models") && this.#hasList) {
      return sendJson(response, 200, { object: "list", data: this.#modelIds.map((id) => ({ id, object: "model" })) });
    }
    if (!COMPLETIONS.test(pathname)) return sendJson(response, 404, { error: { message: "Unknown path" } });
    const recorded: FakeRequest = {
      path,
      authorization: request.headers.authorization ?? null,
      apiKey: String(request.headers["api-key"] ?? "") || null,
      body: JSON.parse(await readText(request)) as FakeRequest["body"],
      isAbandoned: false,
    };
    response.once("close", () => {
      if (response.writableFinished) return;
      recorded.isAbandoned = true;
      this.#tell();
    });
    this.requests.push(recorded);
    this.#tell();
    await answer(this.#next.shift() ?? this.#behaviour, recorded, response);
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
