/** Tells what a model thinks from what it says, where both come in one text: `<think>…</think>` before the reply [MODEL-5]. */

/** `text_was_thoughts`: all text so far was not the reply, as a closing mark without an opening one shows. */
export type SaidPiece =
  | { readonly kind: "text" | "thoughts"; readonly text: string }
  | { readonly kind: "text_was_thoughts" };

const OPENING = ["<think>", "<thinking>"];
const CLOSING = ["</think>", "</thinking>"];

/** Feed it the text as it comes, however it is cut, then `finish`; what it returns adds up to the same words. */
export class ThoughtSplitter {
  #state: "start" | "thinking" | "text" = "start";
  /** What can't be told yet: white space before the reply, or the beginning of a mark. */
  #held = "";
  /** The text so far, for as long as it may turn out to have been thoughts; null once it can't. */
  #doubtful: string | null = "";
  #hasThought = false;

  /** Thoughts that the endpoint told apart: then no closing mark in the text means any. */
  takeThoughts(text: string): SaidPiece[] {
    this.#noteThoughts();
    return [{ kind: "thoughts", text }];
  }

  feed(text: string): SaidPiece[] {
    this.#held += text;
    const pieces: SaidPiece[] = [];
    while (this.#step(pieces));
    return pieces;
  }

  /** The end: what was held back is what it looks like. White space that no word came after is nothing. */
  finish(): SaidPiece[] {
    const start = this.#held.trimStart();
    const rest = this.#state === "start" && (this.#hasThought || start === "") ? start : this.#held;
    this.#held = "";
    return rest === "" ? [] : [{ kind: this.#state === "thinking" ? "thoughts" : "text", text: rest }];
  }

  /** Takes what is certain out of what is held; true where there may be more. */
  #step(pieces: SaidPiece[]): boolean {
    if (this.#state === "start") return this.#begin();
    return this.#state === "thinking" ? this.#think(pieces) : this.#say(pieces);
  }

  #begin(): boolean {
    const start = this.#held.trimStart();
    if (start === "") return false;
    const lower = start.toLowerCase();
    const mark = OPENING.find((opening) => lower.startsWith(opening));
    if (mark !== undefined) {
      this.#noteThoughts();
      this.#held = start.slice(mark.length);
      this.#state = "thinking";
      return true;
    }
    if (OPENING.some((opening) => opening.startsWith(lower))) return false;
    if (this.#hasThought) this.#held = start;
    this.#state = "text";
    return true;
  }

  #think(pieces: SaidPiece[]): boolean {
    const closing = findClosing(this.#held);
    const end = closing?.at ?? this.#held.length - partOfMark(this.#held);
    if (end > 0) pieces.push({ kind: "thoughts", text: this.#held.slice(0, end) });
    this.#held = this.#held.slice(closing ? closing.at + closing.length : end);
    if (closing) this.#state = "start";
    return closing !== null;
  }

  #say(pieces: SaidPiece[]): boolean {
    const closing = this.#doubtful === null ? null : findClosing(this.#held);
    const end = closing?.at ?? this.#held.length - (this.#doubtful === null ? 0 : partOfMark(this.#held));
    this.#emit(pieces, this.#held.slice(0, end));
    this.#held = this.#held.slice(end);
    if (!closing) return false;
    if (isInCode(this.#doubtful ?? "") || hasOpening(this.#doubtful ?? "")) {
      this.#doubtful = null;
      return true;
    }
    pieces.push({ kind: "text_was_thoughts" });
    this.#noteThoughts();
    this.#held = this.#held.slice(closing.length);
    this.#state = "start";
    return true;
  }

  #noteThoughts(): void {
    this.#hasThought = true;
    this.#doubtful = null;
  }

  #emit(pieces: SaidPiece[], text: string): void {
    if (text === "") return;
    if (this.#doubtful !== null) this.#doubtful += text;
    pieces.push({ kind: "text", text });
  }
}

function findClosing(text: string): { readonly at: number; readonly length: number } | null {
  const found = /<\/think(?:ing)?>/i.exec(text);
  return found && { at: found.index, length: found[0].length };
}

/** How many characters at the end may be the beginning of a closing mark. */
function partOfMark(text: string): number {
  const at = text.lastIndexOf("<");
  if (at === -1) return 0;
  const part = text.slice(at).toLowerCase();
  return CLOSING.some((closing) => closing.startsWith(part)) ? part.length : 0;
}

/** Whether an opening mark stands in the text, and not in its code: then a closing one is that one's. */
function hasOpening(text: string): boolean {
  return /<think(?:ing)?>/i.test(text.replaceAll(/```[^]*?(?:```|$)|`[^`\n]*`/g, " "));
}

/** Whether the text ends inside of code, where a mark is only spoken of. */
function isInCode(text: string): boolean {
  const fences = text.split("```").length - 1;
  const line = text.slice(text.lastIndexOf("\n") + 1);
  return fences % 2 === 1 || (line.split("`").length - 1) % 2 === 1;
}
