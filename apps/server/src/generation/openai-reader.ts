/** Bytes of an OpenAI-compatible answer into what they say: an event stream as real servers write it, or one JSON document. */
import type { MessageUsage } from "@instep/protocol";
import { createParser, type EventSourceParser, type ParseError } from "eventsource-parser";
import { MAX_ANSWER_LENGTH, parseAnswer } from "./answer-json.ts";
import type { FinishReason } from "./finish-reason.ts";
import { readChunk, unnamedErrorOf, type CompletionChunk } from "./openai-chunk.ts";

/** Words of one kind; what comes next is of the other. */
export interface SaidWords {
  readonly kind: "text" | "thoughts";
  readonly text: string;
}

/** What some bytes said, taken together: all text of one network read comes as one. */
export interface Reading {
  /** Words in their order. */
  readonly said: readonly SaidWords[];
  /** Only where nothing was said after it: words take a reason back [MODEL-1]. */
  readonly finishReason: FinishReason | null;
  readonly usage: MessageUsage | null;
  readonly error: unknown;
  /** `[DONE]` was read, or the whole JSON document. */
  readonly isDone: boolean;
  /** Nothing of it all was part of a completion. */
  readonly isUnreadable: boolean;
  /** The bytes ended in the middle of a chunk. */
  readonly isCut: boolean;
}

const NOTHING: Reading = {
  said: [],
  finishReason: null,
  usage: null,
  error: undefined,
  isDone: false,
  isUnreadable: false,
  isCut: false,
};
const UNREADABLE: Reading = { ...NOTHING, isUnreadable: true };
/** So many events a server may have run into one; where more lines are one event, it is no model's. */
const MAX_JOINED_LINES = 1000;
/** Nor is it an answer where so many pieces on end say nothing that is understood. */
const MAX_PASSED_OVER = 10_000;

/** Reads one answer. Feed it every byte, then `finish`; each call returns what became known by it. What is no chunk is passed over. */
export class CompletionReader {
  readonly #decoder = new TextDecoder();
  readonly #parser: EventSourceParser;
  /** The start of the answer until it shows whether it is a document, then the document. */
  #document = "";
  /** The beginning of an event stream's next line. */
  #line = "";
  #form: "unknown" | "events" | "document" = "unknown";
  #reading: Reading = NOTHING;
  #hasUnderstood = false;
  /** How many events and lines have said nothing since the last that was understood. */
  #passedOver = 0;
  #isFinishing = false;
  /** An event was too long to be one: the parser takes no more. */
  #isGivenUp = false;

  constructor() {
    this.#parser = createParser({
      onEvent: ({ event, data }) => this.#readEvent(data, event),
      onError: (error) => this.#readUnknownLine(error),
      maxBufferSize: MAX_ANSWER_LENGTH,
    });
  }

  feed(bytes: Uint8Array): Reading {
    this.#reading = NOTHING;
    this.#feedText(this.#decoder.decode(bytes, { stream: true }));
    return this.#reading;
  }

  /** The end of the bytes: an event that lacks only its blank line still counts. */
  finish(): Reading {
    this.#reading = NOTHING;
    this.#isFinishing = true;
    const rest = this.#decoder.decode();
    if (this.#form === "document") this.#readDocument(this.#document + rest);
    else this.#feedText(`${rest}\n\n`);
    if (!this.#hasUnderstood) this.#add(UNREADABLE);
    return this.#reading;
  }

  #feedText(text: string): void {
    if (this.#form === "events") return this.#feedEvents(text);
    this.#document += text;
    if (this.#form === "unknown") {
      // Blanks are not kept: they would be looked through again with each piece that comes.
      this.#document = this.#document.trimStart();
      const start = this.#document;
      if (start === "") return;
      this.#form = /^[{[]/.test(start) ? "document" : "events";
      if (this.#form === "events") this.#feedEvents(this.#document);
    }
    if (this.#document.length > MAX_ANSWER_LENGTH) this.#add(UNREADABLE);
  }

  /** The parser gets whole lines: of one in pieces it does not tell that its field is unknown. */
  #feedEvents(text: string): void {
    if (this.#isGivenUp) return this.#add(UNREADABLE);
    const end = endOfLines(text);
    if (end > 0) {
      this.#parser.feed(this.#line + text.slice(0, end));
      this.#line = "";
    }
    this.#line += text.slice(end);
    if (this.#line.length > MAX_ANSWER_LENGTH) this.#add(UNREADABLE);
  }

  #readEvent(data: string, event = "message"): void {
    this.#passOver();
    if (data.trim() === "[DONE]") return this.#addUnderstood({ ...NOTHING, isDone: true });
    const value = parseAnswer(data);
    const chunk = readChunk(value);
    if (chunk) return this.#addUnderstood(readingOf(chunk));
    if (event === "error") return this.#addUnderstood({ ...NOTHING, error: value ?? data });
    const error = event === "message" ? unnamedErrorOf(value) : undefined;
    if (error !== undefined) return this.#addUnderstood({ ...NOTHING, error });
    // Some servers forget the blank line between two events, which joins their data lines.
    const lines = data.split("\n", MAX_JOINED_LINES + 1);
    if (lines.length > MAX_JOINED_LINES) this.#add(UNREADABLE);
    else if (lines.length > 1) for (const line of lines) this.#readEvent(line, event);
    else if (this.#isFinishing && value === undefined && data.startsWith("{")) this.#add({ ...NOTHING, isCut: true });
  }

  /** What went wrong is told in a line that is no field of an event stream: `error: {…}` by llama.cpp, `{"error": …}` by others. */
  #readUnknownLine({ type, field, value = "", line = "" }: ParseError): void {
    this.#passOver();
    if (type === "max-buffer-size-exceeded") {
      this.#isGivenUp = true;
      this.#add(UNREADABLE);
    }
    if (field === "error") this.#addUnderstood({ ...NOTHING, error: parseAnswer(value) ?? value });
    if (!line.trimStart().startsWith("{")) return;
    const document = parseAnswer(line);
    const error = readChunk(document)?.error ?? unnamedErrorOf(document);
    if (error !== undefined) this.#addUnderstood({ ...NOTHING, error });
  }

  #readDocument(text: string): void {
    const value = parseAnswer(text);
    const chunk = readChunk(value);
    if (chunk) return this.#addUnderstood({ ...readingOf(chunk), isDone: true });
    const error = unnamedErrorOf(value);
    if (error !== undefined) this.#addUnderstood({ ...NOTHING, error });
  }

  #passOver(): void {
    this.#passedOver += 1;
    if (this.#passedOver > MAX_PASSED_OVER) this.#add(UNREADABLE);
  }

  #addUnderstood(reading: Reading): void {
    this.#hasUnderstood = true;
    this.#passedOver = 0;
    this.#add(reading);
  }

  /** What comes after an end or an error is not part of the answer, however the network packed it. */
  #add(more: Reading): void {
    const before = this.#reading;
    if (before.isDone || before.error !== undefined || before.isUnreadable) return;
    this.#reading = {
      said: more.said.reduce(addWords, before.said),
      finishReason: more.said.length > 0 ? more.finishReason : (more.finishReason ?? before.finishReason),
      usage: more.usage ?? before.usage,
      error: more.error,
      isDone: more.isDone,
      isUnreadable: more.isUnreadable,
      isCut: before.isCut || more.isCut,
    };
  }
}

function readingOf({ text, thoughts, ...rest }: CompletionChunk): Reading {
  const words: SaidWords[] = [
    { kind: "thoughts", text: thoughts },
    { kind: "text", text },
  ];
  return { ...NOTHING, ...rest, said: words.filter((each) => each.text !== "") };
}

/** Where the last whole line ends; a carriage return at the very end may be half of a line's end. */
function endOfLines(text: string): number {
  return Math.max(text.lastIndexOf("\n"), text.slice(0, -1).lastIndexOf("\r")) + 1;
}

function addWords(said: readonly SaidWords[], more: SaidWords): readonly SaidWords[] {
  const last = said.at(-1);
  if (last?.kind !== more.kind) return [...said, more];
  return [...said.slice(0, -1), { kind: last.kind, text: last.text + more.text }];
}
