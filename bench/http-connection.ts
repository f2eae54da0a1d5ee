/** One kept-alive connection that asks one thing at a time and costs less than `fetch`: a measurement's client shares the machine with its server. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { SESSION_COOKIE } from "./servers/session.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
  /** When the last byte came, by `performance.now()`. */
  readonly at: number;
}

export interface HttpQuestion {
  readonly method?: string;
  readonly path: string;
  readonly json?: unknown;
  /** Instead of the one of every measurement. */
  readonly cookie?: string;
  readonly headers?: string;
}

const HEAD_END = Buffer.from("\r\n\r\n");

export class HttpConnection {
  readonly #host: string;
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #received = 0;
  /** Bytes of the whole answer, once its head has come. */
  #expected = 0;
  #head = "";
  #waiting: PromiseWithResolvers<HttpAnswer> | null = null;

  private constructor(host: string, socket: Socket) {
    this.#host = host;
    this.#socket = socket;
    socket.on("data", (bytes) => this.#take(bytes));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the server closed the connection")));
  }

  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname).setNoDelay(true);
    await once(socket, "connect");
    return new HttpConnection(host, socket);
  }

  get isBusy(): boolean {
    return this.#waiting !== null;
  }

  /** Resolves with the whole answer; only for answers that say their length. */
  ask(question: HttpQuestion): Promise<HttpAnswer> {
    this.#waiting = Promise.withResolvers<HttpAnswer>();
    this.#socket.write(requestText(this.#host, question));
    return this.#waiting.promise;
  }

  /** Asks and throws where the answer is not a success. */
  async expect(question: HttpQuestion): Promise<HttpAnswer> {
    const answer = await this.ask(question);
    if (answer.status < 300) return answer;
    throw new Error(`${question.path}: ${answer.status} ${answer.body.toString("utf8").slice(0, 200)}`);
  }

  close(): void {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#received += bytes.length;
    if (this.#expected === 0 && !this.#readHead()) return;
    if (this.#received < this.#expected) return;
    const all = Buffer.concat(this.#chunks);
    const body = all.subarray(all.indexOf(HEAD_END) + HEAD_END.length);
    const answer = { status: Number(this.#head.slice(9, 12)), head: this.#head, body, at: performance.now() };
    this.#chunks = [];
    this.#received = 0;
    this.#expected = 0;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(answer);
  }

  #readHead(): boolean {
    const sofar = this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks);
    const end = sofar.indexOf(HEAD_END);
    if (end < 0) return false;
    this.#head = sofar.toString("latin1", 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(this.#head)?.[1];
    if (length === undefined && !this.#head.includes(" 304 ")) this.#fail(new Error(`no length: ${this.#head}`));
    this.#expected = end + HEAD_END.length + Number(length ?? 0);
    return true;
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}

/** A whole request as it goes over the wire. */
export function requestText(
  host: string,
  { method = "GET", path, json, cookie = SESSION_COOKIE, headers = "" }: HttpQuestion,
): string {
  const head = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n${headers}`;
  if (json === undefined) return `${head}\r\n`;
  const body = JSON.stringify(json);
  return `${head}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Opens so many connections, a few at a time. */
export async function openConnections(url: string, count: number): Promise<HttpConnection[]> {
  const connections: HttpConnection[] = [];
  while (connections.length < count) {
    const batch = Math.min(OPEN_AT_ONCE, count - connections.length);
    connections.push(...(await Promise.all(Array.from({ length: batch }, () => HttpConnection.open(url)))));
  }
  return connections;
}

const OPEN_AT_ONCE = 500;
