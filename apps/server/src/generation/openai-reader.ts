/** Bytes of an OpenAI-compatible answer into what they say: an event stream as real servers write it, or one JSON document. */
import { createParser, type EventSourceParser } from "eventsource-parser";
import { parseJson } from "../json-value.ts";
import type { ModelUsage } from "./model.ts";
import { readChunk, type CompletionChunk } from "./openai-chunk.ts";

/** What some bytes said, taken together: all text of one network read comes as one. */
export interface Reading {
  readonly text: string;
  readonly isAlive: boolean;
  readonly finishReason: string | null;
  readonly usage: ModelUsage | null;
  readonly error: unknown;
  /** `[DONE]` was read, or the whole JSON document. */
  readonly isDone: boolean;
  /** Something stood there that is no part of a completion. */
  readonly isUnreadable: boolean;
}

const NOTHING: Reading = {
  text: "",
  isAlive: false,
  finishReason: null,
  usage: null,
  error: undefined,
  isDone: false,
  isUnreadable: false,
};
/** A single event or document beyond this is no answer of a model. */
const MAX_BUFFER_LENGTH = 16 * 1024 * 1024;

/** Reads one answer. Feed it every byte, then `finish`; each call returns what became known by it. */
export class CompletionReader {
  readonly #decoder = new TextDecoder();
  readonly #parser: EventSourceParser;
  /** The start of the answer until it shows whether it is a document, then the document. */
  #document = "";
  #form: "unknown" | "events" | "document" = "unknown";
  #reading: Reading = NOTHING;
  #hasUnderstood = false;

  constructor() {
    this.#parser = createParser({
      maxBufferSize: MAX_BUFFER_LENGTH,
      onEvent: (event) => this.#readEvent(event.data),
    });
  }

  feed(bytes: Uint8Array): Reading {
    this.#reading = NOTHING;
    this.#feedText(this.#decoder.decode(bytes, { stream: true }));
    return this.#reading;
  }

  /** The end of the bytes. An event that was cut in the middle is dropped, where others came before it. */
  finish(): Reading {
    this.#reading = NOTHING;
    if (this.#form === "document") this.#readDocument();
    else {
      this.#feedText("\n\n");
      if (this.#hasUnderstood) this.#reading = { ...this.#reading, isUnreadable: false };
      else if (this.#reading.error === undefined) this.#reading = { ...this.#reading, isUnreadable: true };
    }
    return this.#reading;
  }

  #feedText(text: string): void {
    if (this.#form === "events") return this.#feedEvents(text);
    this.#document += text;
    if (this.#form === "unknown") {
      const start = this.#document.trimStart();
      if (start === "") return;
      this.#form = /^[{[]/.test(start) ? "document" : "events";
      if (this.#form === "events") this.#feedEvents(this.#document);
    }
    if (this.#document.length > MAX_BUFFER_LENGTH) this.#add({ ...NOTHING, isUnreadable: true });
  }

  #feedEvents(text: string): void {
    try {
      this.#parser.feed(text);
    } catch {
      // The parser refuses to go on after a line that is longer than its buffer.
      this.#add({ ...NOTHING, isUnreadable: true });
    }
  }

  #readEvent(data: string): void {
    if (data.trim() === "[DONE]") return this.#addUnderstood({ ...NOTHING, isDone: true });
    const chunk = readChunk(parseJson(data));
    if (chunk) return this.#addUnderstood(readingOf(chunk));
    // Some servers forget the blank line between two events, which joins their data lines.
    const lines = data.split("\n");
    if (lines.length > 1) for (const line of lines) this.#readEvent(line);
    else if (data.trim() !== "") this.#add({ ...NOTHING, isUnreadable: true });
  }

  #readDocument(): void {
    const chunk = readChunk(parseJson(this.#document));
    if (chunk) this.#addUnderstood({ ...readingOf(chunk), isDone: true });
    else this.#add({ ...NOTHING, isUnreadable: true });
  }

  #addUnderstood(reading: Reading): void {
    this.#hasUnderstood = true;
    this.#add(reading);
  }

  #add(more: Reading): void {
    const before = this.#reading;
    this.#reading = {
      text: before.text + more.text,
      isAlive: before.isAlive || more.isAlive,
      finishReason: more.finishReason ?? before.finishReason,
      usage: more.usage ?? before.usage,
      error: before.error ?? more.error,
      isDone: before.isDone || more.isDone,
      isUnreadable: before.isUnreadable || more.isUnreadable,
    };
  }
}

function readingOf(chunk: CompletionChunk): Reading {
  return { ...NOTHING, ...chunk };
}
