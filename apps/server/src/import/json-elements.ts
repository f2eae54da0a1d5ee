/** Cuts a JSON file into the elements of its one large array without ever holding more than one of them. */
import { errorMessage } from "../code-of.ts";

/** An element, and where in the file it begins. */
export interface JsonElement {
  /** Its number in the array, from 0. */
  readonly index: number;
  /** Bytes before it. */
  readonly offset: number;
  readonly value: unknown;
}

/** What stands before the array's elements: nothing for a bare array, else the object that the array is a member of. */
export type JsonHeader = Readonly<Record<string, unknown>> | null;

/** A file that is no such JSON. `message` is one sentence for a person, with the place. */
export class BrokenFileError extends Error {
  override readonly name = "BrokenFileError";
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** No conversation comes near; what does is made to fill the memory, or to exhaust whoever walks through it [SAFE-7]. */
const MAX_ELEMENT_LENGTH = 64 * 1024 * 1024;
const MAX_DEPTH = 500;
const MAX_BRACKETS = 2_000_000;
/** The longest way to write `"conversations"`: each of its letters as `\u0063`. */
const MAX_KEY_LENGTH = 80;

/**
 * Reads `[element, …]`, `{…, "conversations": [element, …]}` or one object that is the only element, calling `onHeader` before the first element. Native `JSON.parse` reads
 * each element; finding their ends costs a look at each byte. Throws `BrokenFileError` with the place.
 */
export async function* readJsonElements(
  bytes: AsyncIterable<Uint8Array>,
  onHeader: (header: JsonHeader) => void,
): AsyncGenerator<JsonElement> {
  const scanner = new ElementScanner(onHeader);
  for await (const chunk of bytes) yield* scanner.feed(chunk);
  yield* scanner.finish();
}

/** Which member of an object its reader is at: whatever stands before that one is not looked at again [SAFE-2]. */
class MemberKey {
  /** The last string, with its quotes; null where it is none of the keys that are asked for. */
  #written: number[] | null = null;
  #isKey = false;

  /** A byte of a string of the object's own: a key, or what one is set to. */
  passString(byte: number): void {
    if (this.#written !== null && this.#written.push(byte) > MAX_KEY_LENGTH) this.#written = null;
  }

  /** One between its strings, but for spaces. */
  pass(byte: number): void {
    if (byte === OPEN_ARRAY) return;
    this.#isKey = byte === COLON;
    if (byte !== COLON) this.#written = byte === QUOTE ? [byte] : null;
  }

  says(key: string): boolean {
    if (!this.#isKey || this.#written === null) return false;
    try {
      return JSON.parse(Buffer.from(this.#written).toString("utf8")) === key;
    } catch {
      return false;
    }
  }
}

/** A byte machine: `depth` counts open brackets, and an element is whatever stands directly in the array. */
class ElementScanner {
  readonly #onHeader: (header: JsonHeader) => void;
  #pieces: Uint8Array[] = [];
  #piecesLength = 0;
  #depth = 0;
  #brackets = 0;
  #isInString = false;
  #isEscaped = false;
  readonly #key = new MemberKey();
  #hasBegun = false;
  #phase: "header" | "elements" | "single" | "rest" = "header";
  /** The depth inside the array: 1 for a bare one, 2 in an object. */
  #arrayDepth = 0;
  #isInElement = false;
  #elementOffset = 0;
  #index = 0;
  #offset = 0;

  constructor(onHeader: (header: JsonHeader) => void) {
    this.#onHeader = onHeader;
  }

  *feed(chunk: Uint8Array): Generator<JsonElement> {
    let start = 0;
    for (let index = 0; index < chunk.length && this.#phase !== "rest"; index++) {
      const byte = chunk[index] ?? 0;
      if (this.#phase === "single") {
        // One object after another is another format.
        if (!isSpace(byte)) throw new BrokenFileError(NO_ARRAY);
      } else if (this.#phase === "header") {
        if (this.#passHeader(byte)) {
          this.#endHeader(chunk.subarray(start, index + 1));
          start = index + 1;
        }
      } else if (this.#isInElement) {
        if (!this.#endsElement(byte)) continue;
        yield this.#parse(chunk.subarray(start, index));
        start = index;
        this.#between(byte, index);
      } else if (this.#between(byte, index)) start = index;
    }
    if (this.#isInElement || this.#phase === "header") this.#keep(chunk.subarray(start));
    this.#offset += chunk.length;
  }

  *finish(): Generator<JsonElement> {
    if (this.#phase === "rest") return;
    if (this.#phase === "single") {
      this.#onHeader(null);
      yield this.#parse(new Uint8Array());
      return;
    }
    if (!this.#hasBegun) throw new BrokenFileError("The file is empty.");
    if (this.#phase === "header") throw new BrokenFileError(NO_ARRAY);
    throw new BrokenFileError(
      `The file ends in the middle of conversation ${this.#index + 1} (byte ${this.#offset}); download or unpack it again.`,
    );
  }

  /** Looks for the bracket that opens the array of conversations: returns whether this is it, or the one that closes the file's object without it. */
  #passHeader(byte: number): boolean {
    if (this.#isInString) {
      this.#passString(byte);
      if (this.#depth === 1) this.#key.passString(byte);
      return false;
    }
    if (isSpace(byte) || isByteOrderMark(byte, this.#hasBegun)) return false;
    if (!this.#hasBegun && byte !== OPEN_ARRAY && byte !== OPEN_OBJECT) throw new BrokenFileError(NO_JSON);
    const isBare = byte === OPEN_ARRAY && !this.#hasBegun;
    this.#hasBegun = true;
    if (this.#depth === 1) this.#key.pass(byte);
    if (byte === QUOTE) this.#isInString = true;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#goDeeper();
    if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#depth--;
    if (this.#depth === 0) return true;
    return isBare || (byte === OPEN_ARRAY && this.#depth === 2 && this.#key.says("conversations"));
  }

  /** Tells the header, with the bracket that opens the array at the end of `text`. */
  #endHeader(text: Uint8Array): void {
    if (this.#depth === 0) {
      // The object may be a conversation by itself.
      this.#keep(text);
      this.#phase = "single";
      return;
    }
    const before = this.#takeText(text);
    this.#onHeader(this.#depth === 1 ? null : parseHeader(before));
    this.#phase = "elements";
    this.#arrayDepth = this.#depth;
  }

  /** Between elements: returns whether one begins with this byte. */
  #between(byte: number, index: number): boolean {
    if (isSpace(byte) || byte === COMMA) return false;
    if (byte === CLOSE_ARRAY) {
      this.#phase = "rest";
      return false;
    }
    if (byte === CLOSE_OBJECT) throw new BrokenFileError(this.#place("a bracket that closes nothing", index));
    this.#isInElement = true;
    this.#elementOffset = this.#offset + index;
    this.#isInString = byte === QUOTE;
    this.#brackets = 0;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#goDeeper();
    return true;
  }

  /** Whether the element ended before this byte. */
  #endsElement(byte: number): boolean {
    if (this.#isInString) {
      this.#passString(byte);
      return false;
    }
    if (byte === QUOTE) this.#isInString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#goDeeper();
    else if (this.#depth === this.#arrayDepth) return byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#depth--;
    return false;
  }

  #goDeeper(): void {
    this.#depth++;
    this.#brackets++;
    const isTooMuch = this.#depth > MAX_DEPTH ? "is nested too deep" : "has too many parts";
    if (this.#depth > MAX_DEPTH || this.#brackets > MAX_BRACKETS) {
      throw new BrokenFileError(`${this.#here()} ${isTooMuch} for a conversation, and is not read.`);
    }
  }

  #passString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInString = false;
  }

  #parse(end: Uint8Array): JsonElement {
    const text = this.#takeText(end);
    this.#isInElement = false;
    const element = { index: this.#index++, offset: this.#elementOffset };
    try {
      return { ...element, value: JSON.parse(text.replace(/^\uFEFF/, "")) as unknown };
    } catch (error) {
      const why = errorMessage(error);
      throw new BrokenFileError(
        `Conversation ${element.index + 1} (byte ${element.offset}) is no valid JSON (${why.slice(0, 120)}); download or unpack the file again.`,
      );
    }
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    // The reader may use its buffer again.
    this.#pieces.push(Uint8Array.from(bytes));
    this.#piecesLength += bytes.length;
    if (this.#piecesLength > MAX_ELEMENT_LENGTH) {
      throw new BrokenFileError(`${this.#here()} is larger than 64 MB, and is not read.`);
    }
  }

  #takeText(end: Uint8Array): string {
    const text = Buffer.concat([...this.#pieces, end]).toString("utf8");
    this.#pieces = [];
    this.#piecesLength = 0;
    return text;
  }

  #here(): string {
    return `Conversation ${this.#index + 1} (byte ${this.#elementOffset})`;
  }

  #place(what: string, index: number): string {
    return `The file has ${what} after conversation ${this.#index} (byte ${this.#offset + index}); download or unpack it again.`;
  }
}

/** What can be read, in a sentence. */
export const KNOWN_FILES =
  "the conversations.json (or its .zip) of a ChatGPT or Claude export, an Open WebUI export, or an export of Instep";
const NO_JSON = `The file is no JSON; it has to be ${KNOWN_FILES}.`;
const NO_ARRAY = `The file has no list of conversations; it has to be ${KNOWN_FILES}.`;

function parseHeader(text: string): JsonHeader {
  try {
    return JSON.parse(`${text.replace(/^\uFEFF/, "")}]}`) as JsonHeader;
  } catch {
    throw new BrokenFileError(NO_JSON);
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The three bytes that some editors put before a file. */
function isByteOrderMark(byte: number, hasBegun: boolean): boolean {
  return !hasBegun && (byte === 0xef || byte === 0xbb || byte === 0xbf);
}
