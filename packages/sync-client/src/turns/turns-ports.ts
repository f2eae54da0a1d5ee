/** What the turns of a tab are connected to. */
import type { Environment } from "../environment.ts";
import type { OutgoingSend } from "../outbox/outgoing-send.ts";
import type { OutgoingBox } from "../outbox/outgoing-box.ts";
import type { ReplyViews } from "../views/reply-views.ts";
import type { Transport } from "../transport/transport.ts";
import type { TurnEffectEvents, TurnEffectPorts } from "./turn-effects.ts";

/** What turns tell the rest of the device. */
export interface TurnEvents extends TurnEffectEvents {
  /** A turn of this tab's own ended on screen, with the conversation's newest seq. */
  readonly onEndOnScreen: (id: string, seq: number) => void;
  /** This tab has seen that much by a turn of its own: for the other tabs. */
  readonly onSeen: (id: string) => void;
  /** What the server offers is not what this page knows. */
  readonly onBootDoubted: () => void;
  /** A message could not be sent because its conversation was deleted. Resolves when this tab knows of that. */
  readonly onOrphaned: (send: OutgoingSend) => Promise<void>;
}

export interface TurnsPorts extends TurnEffectPorts {
  readonly transport: Transport;
  readonly streams: Pick<Transport, "sendStream" | "resumeStream">;
  readonly environment: Environment;
  readonly box: OutgoingBox;
  readonly running: ReplyViews;
  readonly events: TurnEvents;
}
