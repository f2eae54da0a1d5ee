/** A request whose headers and address are sent as they are, and the answer with all that came. */
import { request } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { JudgedAnswer } from "./judge.ts";

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 30_000;

/** Throws where the bytes are not what the answer says that they are. */
function decoded(bytes: Buffer, encoding: string | undefined): string {
  if (bytes.length === 0 || encoding === undefined) return bytes.toString("utf8");
  return (encoding === "br" ? brotliDecompressSync(bytes) : gunzipSync(bytes)).toString("utf8");
}

/** Fails where no answer comes, or where the connection breaks: a program that has crashed. */
export function rawRequest(url: string, { method, path, body, headers }: RawRequest): Promise<JudgedAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, timeout: PATIENCE_MS }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("error", reject);
      answer.on("end", () => {
        const told = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
        const text = decoded(Buffer.concat(pieces), answer.headers["content-encoding"]);
        resolve({ status: answer.statusCode ?? 0, headers: new Headers(told), text, isHead: method === "HEAD" });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer to ${method} ${path}`)));
    sent.on("error", reject);
    sent.end(body ?? undefined);
  });
}
