/** Sends that are there after all: another tab has sent them, though this one was refused [TURN-3, DEV-12]. */
import type { Message } from "@instep/protocol";
import type { ConversationStore } from "../conversation-store.ts";
import { isFailure } from "../failure.ts";
import { isSend, sendsOf } from "./outbox.ts";
import type { OutgoingSend } from "./outgoing-send.ts";
import type { OutgoingBox } from "./outgoing-box.ts";
import { LARGEST_PAGE } from "../views/page-sizes.ts";
import type { Transport } from "../transport/transport.ts";

export interface RefusedSendsPorts {
  readonly box: OutgoingBox;
  readonly store: ConversationStore;
  readonly transport: Pick<Transport, "messages">;
  readonly views: { readonly reload: (id: string) => Promise<void> };
}

/** Looks for what was refused whenever its conversation has grown: the store may hang, so that the tab that sent it can't tell. */
export class RefusedSends {
  readonly #ports: RefusedSendsPorts;
  /** Up to which number the messages were looked through for a send. */
  readonly #looked = new Map<string, number>();

  constructor(ports: RefusedSendsPorts) {
    this.#ports = ports;
  }

  /** The server has answered: asks where a conversation is longer than when a send was last looked for in it, or goes another way. */
  look(): void {
    const { box, store } = this.#ports;
    const refused = box.entries.filter(isSend).filter(isRefused);
    for (const id of this.#looked.keys()) if (!refused.some((send) => send.id === id)) this.#looked.delete(id);
    for (const send of refused) {
      const known = store.state.entries.get(send.conversationId);
      const lastSeq = known && !known.isLocal ? known.row.last_seq : 0;
      if (lastSeq !== (this.#looked.get(send.id) ?? 0)) void this.#lookFor(send, lastSeq);
    }
  }

  async #lookFor({ id, conversationId }: OutgoingSend, lastSeq: number): Promise<void> {
    const { box, store, transport, views } = this.#ports;
    const looked = this.#looked.get(id) ?? 0;
    this.#looked.set(id, lastSeq);
    const page = await transport.messages(conversationId, { limit: LARGEST_PAGE });
    if (isFailure(page)) {
      this.#looked.set(id, looked);
      return;
    }
    if (!arrived(box, conversationId, page.messages).some((send) => send.id === id)) return;
    await box.wentElsewhere(id);
    if (store.state.current?.id === conversationId) await views.reload(conversationId);
  }
}

/** Takes out of the outbox what was refused, and stands among the conversation's messages. */
export function forgetArrived(box: OutgoingBox, id: string, messages: readonly Message[]): void {
  for (const send of arrived(box, id, messages)) void box.change(send.id, null);
}

function arrived(box: OutgoingBox, id: string, messages: readonly Message[]): readonly OutgoingSend[] {
  const there = new Set(messages.map((message) => message.client_message_id));
  return sendsOf(box.entries, id)
    .filter(isRefused)
    .filter((send) => there.has(send.id));
}

function isRefused({ state }: OutgoingSend): boolean {
  return state === "rejected";
}
