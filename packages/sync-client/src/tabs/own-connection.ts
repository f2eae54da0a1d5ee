/** This tab's own connection to a reply, while it has one. */
import type { TurnEvent } from "@instep/protocol";
import { type Failure, isFailure } from "../failure.ts";
import type { EventStream, Transport } from "../transport/transport.ts";
import type { ReplyLog } from "./reply-log.ts";

export interface OwnConnectionPorts {
  readonly transport: Pick<Transport, "resumeStream">;
  readonly log: ReplyLog;
  /** What came, after that event; nothing where the server merely says that it is there. */
  readonly onEvents: (events: readonly TurnEvent[], after: number) => void;
  /** It is known which reply it is. */
  readonly onBegun: () => void;
  /** Nothing more comes, or something is missing. */
  readonly onEnd: () => void;
}

export class OwnConnection {
  readonly #ports: OwnConnectionPorts;
  #connection: EventStream | null = null;
  #opening = new AbortController();

  constructor(ports: OwnConnectionPorts) {
    this.#ports = ports;
  }

  /** Reads a connection that there is, until it ends or is closed. */
  read(connection: EventStream): void {
    this.#connection = connection;
    void this.#pump(connection);
  }

  /** Opens one after the last event. Resolves with why the server refuses it, or null. */
  async open(): Promise<Failure | null> {
    const { transport, log } = this.#ports;
    if (!log.replyId) return null;
    const { signal } = (this.#opening = new AbortController());
    const from = { replyId: log.replyId, after: log.last };
    const connection = await transport.resumeStream(log.conversationId, from, signal);
    if (isFailure(connection)) return signal.aborted ? null : connection;
    if (signal.aborted) connection.close();
    else this.read(connection);
    return null;
  }

  close(): void {
    this.#opening.abort();
    this.#connection?.close();
    this.#connection = null;
  }

  async #pump(connection: EventStream): Promise<void> {
    const { log, onEvents, onBegun, onEnd } = this.#ports;
    for (;;) {
      const event = await connection.next();
      if (this.#connection !== connection) return;
      const events = event === null || event === "alive" ? [] : [event];
      const after = events[0] ? events[0].id - 1 : log.last;
      if (event === null || !log.joins(after)) return onEnd();
      const isBegun = log.begins(event);
      onEvents(events, after);
      if (isBegun) onBegun();
    }
  }
}
