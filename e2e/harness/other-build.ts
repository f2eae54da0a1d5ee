/** A door before the server that can give another build of the page, or none of its worker: a deployment, as a browser sees it. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** What the door gives in the place of the built worker. */
export type WorkerGiven = "built" | "another build" | "missing" | "broken";

export class Door {
  readonly url: string;
  readonly #server: Server;
  worker: WorkerGiven = "built";

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Opens before the server at an address. */
  static async open(target: string): Promise<Door> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("no port was free");
    const door = new Door(server, address.port);
    server.on("request", (asked, answer) => door.#pass(asked, answer, new URL(asked.url ?? "/", target)));
    return door;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #pass(asked: IncomingMessage, answer: ServerResponse, url: URL): void {
    const isWorker = url.pathname === "/service-worker.js";
    if (isWorker && this.worker === "missing") return void answer.writeHead(404).end();
    const { method, headers } = asked;
    // What the browser has of a worker is perhaps not what the server has.
    if (isWorker) delete headers["if-none-match"];
    if (isWorker) delete headers["if-modified-since"];
    const passed = request(url, { method, headers: { ...headers, "accept-encoding": "identity" } }, (given) => {
      if (isWorker && this.worker !== "built") {
        void this.#replace(given, answer);
        return;
      }
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
      answer.on("close", () => given.destroy());
    });
    passed.on("error", () => answer.destroy());
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  }

  async #replace(given: IncomingMessage, answer: ServerResponse): Promise<void> {
    const built = (await given.toArray()).join("");
    const body = this.worker === "broken" ? 'throw new Error("broken");' : `${built}\n// Another build.`;
    answer.writeHead(200, { "content-type": "text/javascript", "cache-control": "no-cache" }).end(body);
  }
}
