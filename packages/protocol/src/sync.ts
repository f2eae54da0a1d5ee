/** The one question: what changed after this tick? (SPEC section 3) */
import { Type, type Static } from "typebox";
import { SyncRowSchema } from "./conversation.ts";

export const SyncResponseSchema = Type.Object(
  {
    conversations: Type.Array(SyncRowSchema),
    deleted_ids: Type.Array(Type.String()),
    server_time: Type.String({
      format: "date-time",
      description: "The account's clock in the rows' own snapshot [SYNC-3]",
    }),
    is_full_sync: Type.Boolean(),
    epoch: Type.String(),
    has_more: Type.Boolean(),
    next_page: Type.Union([Type.String(), Type.Null()]),
  },
  { $id: "SyncResponse" },
);
export type SyncResponse = Static<typeof SyncResponseSchema>;
