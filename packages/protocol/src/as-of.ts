/** As of when an answer is true: what every answer about conversations says of itself [SYNC-11]. */
import { Type } from "typebox";
import type { Timestamp } from "./timestamp.ts";

/** Since 1.1; a server of before says neither, and a device counts its answers as of when it asked. */
export const asOfProperties = {
  server_time: Type.Optional(
    Type.String({
      format: "date-time",
      description:
        "The account's clock in the snapshot that this was read from, or the tick of the write that it answers [SYNC-11]",
    }),
  ),
  epoch: Type.Optional(Type.String({ description: "The history that server_time belongs to [EPOCH-1]" })),
};

/** A reading of an account's clock, and the history that it belongs to: of two words about a conversation the later one stands. */
export interface AsOf {
  readonly server_time: Timestamp;
  readonly epoch: string;
}

/** An answer that says as of when it is true, as every answer of this version does. */
export type Dated<T> = T & AsOf;
