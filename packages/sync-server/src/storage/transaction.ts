/** What a read and a write see of the database: domain statements, by subject. The SQL behind them is the adapter's. */
import type { AccountReads, AccountWrites } from "./account-statements.ts";
import type { ChangeReads } from "./change-statements.ts";
import type { ConversationReads, ConversationWrites } from "./conversation-statements.ts";
import type { MessageReads, MessageWrites } from "./message-statements.ts";
import type { PresetReads, PresetWrites } from "./preset-statements.ts";
import type { SearchReads } from "./search-statements.ts";
import type { TurnReads, TurnWrites } from "./turn-statements.ts";
import type { VersionReads, VersionWrites } from "./version-statements.ts";

/** One consistent state of the database; it is valid until its `read` ends. */
export interface Snapshot
  extends
    AccountReads,
    PresetReads,
    ConversationReads,
    MessageReads,
    ChangeReads,
    SearchReads,
    TurnReads,
    VersionReads {}

/** A snapshot that can be written to; what it wrote stands or falls as a whole. */
export interface WriteTransaction
  extends Snapshot, AccountWrites, PresetWrites, ConversationWrites, MessageWrites, TurnWrites, VersionWrites {}
