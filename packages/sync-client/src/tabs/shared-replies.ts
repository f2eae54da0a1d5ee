/** The streams of replies: all tabs of a browser together use one for each reply, and hidden ones none [DEV-13]. */
import type { Environment, PageEvent } from "../environment.ts";
import { isFailure } from "../failure.ts";
import type { EventStream, Transport } from "../transport/transport.ts";
import type { ReplyPlace } from "./reply-log.ts";
import { SharedReply, type SharedReplyPorts } from "./shared-reply.ts";
import type { Tabs } from "./tabs.ts";

export interface SharedRepliesPorts {
  readonly transport: Transport;
  readonly tabs: Tabs;
  readonly environment: Environment;
  /** This one among the tabs. */
  readonly tab: string;
}

interface Reading extends EventStream {
  readonly reply: SharedReply;
}

export class SharedReplies implements Pick<Transport, "sendStream" | "resumeStream"> {
  readonly #ports: SharedReplyPorts;
  readonly #transport: Transport;
  readonly #readings = new Set<Reading>();
  readonly #endings: readonly (() => void)[];
  /** Frozen, or kept for back and forward, of which its visibility says nothing. */
  #isSuspended = false;

  constructor({ transport, tabs, environment, tab }: SharedRepliesPorts) {
    const { page } = environment;
    const isShown = (): boolean => !this.#isSuspended && page.isVisible();
    this.#transport = transport;
    this.#ports = { transport, tabs, environment, tab, isShown };
    this.#endings = [
      page.subscribe((event) => this.#onPage(event)),
      tabs.subscribe((message) => {
        if (!("replyId" in message)) return;
        for (const { reply } of this.#readings) if (reply.replyId === message.replyId) reply.hear(message);
      }),
    ];
  }

  sendStream: Transport["sendStream"] = async (conversationId, send, signal) => {
    const connection = await this.#transport.sendStream(conversationId, send, signal);
    if (isFailure(connection)) return connection;
    const reading = this.#open({ conversationId, replyId: null, after: 0 }, signal);
    reading.reply.read(connection);
    return reading;
  };

  resumeStream: Transport["resumeStream"] = async (conversationId, from, signal) => {
    const reading = this.#open({ conversationId, ...from }, signal);
    const refused = await reading.reply.resume();
    if (refused) reading.close();
    return refused ?? reading;
  };

  /** Lets go of everything; replies go on [TURN-2]. */
  close(): void {
    for (const end of this.#endings) end();
    for (const reading of this.#readings) reading.close();
  }

  #open(place: ReplyPlace, signal: AbortSignal): Reading {
    const reply = new SharedReply(this.#ports, place);
    const close = (): void => {
      this.#readings.delete(reading);
      reply.close();
    };
    const reading: Reading = { reply, next: reply.next, close };
    this.#readings.add(reading);
    if (signal.aborted) close();
    else signal.addEventListener("abort", close);
    return reading;
  }

  #onPage(event: PageEvent): void {
    if (event === "suspend" || event === "resume") this.#isSuspended = event === "suspend";
    for (const { reply } of this.#readings) reply.followPage();
  }
}
