/** Imports over HTTP, as a test makes them: the file as the body, and the events that come. */
import type { ImportEvent, ImportReport } from "@instep/protocol";
import { createParser } from "eventsource-parser";
import { readdirSync } from "node:fs";
import { request, type ClientRequest } from "node:http";
import { join } from "node:path";
import { lineOf, messageOf } from "./chatgpt-fixture.ts";

export interface ImportAnswer {
  readonly status: number;
  readonly events: readonly ImportEvent[];
  /** The event that ended it; undefined where it was refused or cut. */
  readonly end: ImportEvent | undefined;
  readonly text: string;
  readonly headers: Headers;
}

/** Sends a file whole, and reads all that comes. */
export async function importFile(
  url: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<ImportAnswer> {
  const response = await fetch(`${url}/api/import`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", ...headers },
    body: Uint8Array.from(Buffer.from(body)),
  });
  const text = await response.text();
  const events = eventsOf(text);
  return { status: response.status, events, end: events.at(-1), text, headers: response.headers };
}

function eventsOf(text: string): readonly ImportEvent[] {
  const events: ImportEvent[] = [];
  const onEvent = ({ id, event, data }: { id?: string | undefined; event?: string | undefined; data: string }) =>
    events.push({ id: Number(id), event, data: JSON.parse(data) } as ImportEvent);
  createParser({ onEvent }).feed(text);
  return events;
}

/** The report of an import that went well; throws what came instead. */
export function reportOf({ end, text }: ImportAnswer): ImportReport {
  if (end?.event !== "done") throw new Error(text);
  return end.data;
}

/** A request whose body is for the test to write, to leave and to cut. */
export function openImport(url: string, headers: Readonly<Record<string, string>>) {
  const { hostname, port } = new URL(url);
  const sent: ClientRequest = request({ hostname, port, path: "/api/import", method: "POST", headers, agent: false });
  let text = "";
  let onMore: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    sent.on("close", resolve);
  });
  sent.on("error", () => undefined);
  sent.on("response", (response) => {
    response.on("error", () => undefined);
    response.on("data", (bytes: Buffer) => {
      text += String(bytes);
      onMore();
    });
  });
  return {
    sent,
    ended,
    text: () => text,
    /** Resolves once the answer has it. */
    until: (part: string) =>
      new Promise<void>((resolve) => {
        onMore = () => {
          if (text.includes(part)) resolve();
        };
        onMore();
      }),
  };
}

/** A ChatGPT export of conversations of four messages each. */
export function chatGptExport(count: number, name = "chat", words = "Words"): string {
  const all = Array.from({ length: count }, (_, index) => {
    const messages = ["a", "b", "c", "d"].map((one, at) => {
      const parts = [`${words} ${one} of ${name} ${index}`];
      const content = { content_type: "text", parts };
      return messageOf(`${name}-${index}-${one}`, at % 2 === 0 ? "user" : "assistant", { content });
    });
    return lineOf(`${name} ${index}`, messages);
  });
  return JSON.stringify(all);
}

/** What uploads have left behind. */
export function leftFiles(dataDir: string): readonly string[] {
  try {
    return readdirSync(join(dataDir, "imports"));
  } catch {
    return [];
  }
}
