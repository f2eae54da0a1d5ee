/** What an import hands to the engine, and what came of it. */
import type { ConversationId, Message, Micros, VersionId } from "@instep/protocol";

/** An imported conversation: whole, already read, idempotent by its id. */
export interface ImportedConversation {
  readonly id: ConversationId;
  readonly title: string;
  readonly model: string | null;
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly createdAt: Micros;
  readonly updatedAt: Micros;
  /** What every model that answers in it is told first. */
  readonly instructions?: string | null;
  readonly messages: readonly ImportedMessage[];
  /** What once stood in its places [MSG-5]. */
  readonly versions?: readonly ImportedVersion[];
}

export interface ImportedMessage extends Readonly<
  Pick<Message, "id" | "role" | "content" | "thoughts" | "status" | "error" | "model" | "usage">
> {
  /** The seq that it had where it comes from: versions name their places by it. It gets another one here. */
  readonly seq?: number;
  readonly createdAt: Micros;
  /** The `stop_reason` of the wire. */
  readonly stopReason?: string;
}

export interface ImportedVersion {
  readonly id: VersionId;
  readonly replacedAt: Micros;
  /** The seq of the message that it stood behind, among those of the conversation and of its versions; 0 at the beginning. */
  readonly afterSeq: number;
  readonly messages: readonly ImportedMessage[];
}

/** What an import did. */
export interface Imported {
  readonly added: number;
  /** Conversations that stood here, and got what was new. */
  readonly grown: number;
  /** Messages of both that live. */
  readonly messages: number;
  /** Versions of both. */
  readonly versions: number;
  /** Versions that were not brought in: kept for long enough already, or without a place. */
  readonly versionsLeftOut: number;
  /** Those that have something new, and were changed here since: they are left as they are. */
  readonly kept: readonly ConversationId[];
}
