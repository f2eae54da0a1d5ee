/** Being told of a reply by a push: what a browser's subscription is, and the key that it subscribes with. */
import { Type, type Static } from "typebox";

const Endpoint = Type.String({ minLength: 1, maxLength: 2000 });
const Key = Type.String({ minLength: 1, maxLength: 200, description: "In base64url" });

export const PushSubscribeSchema = Type.Object(
  {
    endpoint: Endpoint,
    keys: Type.Object({ p256dh: Key, auth: Key }),
    /** Taken only where this one stands for the account, whose place it takes: a browser changes them by itself. */
    replaces: Type.Optional(Endpoint),
  },
  { $id: "PushSubscribe" },
);
/** As `PushSubscription.toJSON()` writes it. */
export type PushSubscribe = Static<typeof PushSubscribeSchema>;

export const PushUnsubscribeSchema = Type.Object({ endpoint: Endpoint }, { $id: "PushUnsubscribe" });
export type PushUnsubscribe = Static<typeof PushUnsubscribeSchema>;

export const PushKeySchema = Type.Object(
  { public_key: Type.String({ description: "An uncompressed point of P-256, in base64url" }) },
  { $id: "PushKey" },
);
/** What `pushManager.subscribe` is given. */
export type PushKey = Static<typeof PushKeySchema>;

/** What a push carries: no word of the conversation but its title. */
export interface PushNotice {
  readonly conversation_id: string;
  readonly title: string;
  readonly kind: "complete" | "failed";
}
