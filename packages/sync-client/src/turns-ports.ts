/** What the turns of a tab are connected to. */
import type { LoadedViews } from "./conversation-views.ts";
import type { Environment } from "./environment.ts";
import type { OutgoingSend } from "./outbox.ts";
import type { OutgoingBox } from "./outgoing.ts";
import type { Transport } from "./transport/transport.ts";
import type { TurnEffectPorts } from "./turn-effects.ts";

export interface TurnsPorts extends Omit<TurnEffectPorts, "views"> {
  readonly transport: Transport;
  readonly streams: Pick<Transport, "sendStream" | "resumeStream">;
  readonly environment: Environment;
  readonly box: OutgoingBox;
  readonly views: () => LoadedViews;
  /** A turn of this tab's own ended on screen, with the conversation's newest seq. */
  readonly onEndOnScreen: (id: string, seq: number) => void;
  /** This tab has seen that much by a turn of its own: for the other tabs. */
  readonly onSeen: (id: string) => void;
  /** What the server offers is not what this page knows. */
  readonly onBootDoubted: () => void;
  /** A message could not be sent because its conversation was deleted. Resolves when this tab knows of that. */
  readonly onOrphaned: (send: OutgoingSend) => Promise<void>;
}
