/** A change that a person made, on its way to the server. */

/** A thing of a conversation that a person changes. */
export type Thing = "title" | "pinned" | "archived" | "model" | "removed";

/** A change on its way. */
export interface ChangeCall {
  /** The server carries it out, perhaps again, perhaps after later ones. */
  readonly runs: () => void;
  /** The server refuses it. */
  readonly isRefused: () => void;
}
