/** Reads `text/event-stream`, as much of it as the server writes: `id`, `event`, `data`, comments. Pure. */

export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Takes the text in pieces, cut anywhere, and gives the events that are whole. */
export class SseParser {
  #rest = "";
  #id = "";
  #event = "";
  #data: string[] = [];

  push(text: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    // A carriage return at the end may be half of a line's end.
    const whole = this.#rest + text;
    const isCut = whole.endsWith("\r");
    const lines = (isCut ? whole.slice(0, -1) : whole).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + (isCut ? "\r" : "");
    for (const line of lines) {
      if (line === "") this.#flush(events);
      else this.#field(line);
    }
    return events;
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") this.#id = value;
    else if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
  }

  #flush(events: ServerSentEvent[]): void {
    const data = this.#data.join("\n");
    if (this.#data.length > 0) events.push({ id: this.#id, event: this.#event || "message", data });
    this.#event = "";
    this.#data = [];
  }
}
