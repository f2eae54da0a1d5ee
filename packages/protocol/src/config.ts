/** What a device is told before it asks for anything else: `GET /api/config`, and the account behind `GET /api/me`. */
import { Type, type Static } from "typebox";

export const ConfigSchema = Type.Object(
  {
    sync: Type.Object({
      poll_interval_ms: Type.Integer({ minimum: 1 }),
      full_sync_threshold_ms: Type.Integer({ minimum: 1 }),
      live: Type.Boolean(),
      max_wait_s: Type.Integer({ minimum: 0 }),
    }),
    models: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
    /** Empty where no model is offered. */
    default_model: Type.String(),
    /** Since 1.1: no endpoint is set, and the built-in demo model answers under every name. */
    is_demo: Type.Optional(Type.Literal(true)),
    /** Since 1.1: why the model's server can't be asked, where it can't, in a sentence that a person can act on [MODEL-4]. */
    models_problem: Type.Optional(Type.Object({ code: Type.String(), detail: Type.String() })),
    auth: Type.Object(
      {
        mode: Type.Union([Type.Literal("local"), Type.Literal("password")]),
        /** Since 1.1: another provider to sign in with, where one is set up [SIGN-10]. */
        oidc: Type.Optional(Type.Object({ name: Type.String() })),
        /** Since 1.1: passkeys can be used at the address that this was asked at [SIGN-11]. */
        passkeys: Type.Optional(Type.Literal(true)),
      },
      { additionalProperties: true },
    ),
    version: Type.String(),
  },
  { $id: "Config" },
);
export type Config = Static<typeof ConfigSchema>;

export const UnreadScopeSchema = Type.Union([Type.Literal("device"), Type.Literal("account")]);
/** Whose reading clears a badge: this device's, or any device's of the account [DEV-3]. */
export type UnreadScope = Static<typeof UnreadScopeSchema>;

export const MeSchema = Type.Object(
  {
    id: Type.String(),
    email: Type.Union([Type.String(), Type.Null()]),
    name: Type.String(),
    preferences: Type.Object({ unread_scope: UnreadScopeSchema }),
    /** Since 1.1: whether there is a password to sign in with; left out where nobody signs in. */
    has_password: Type.Optional(Type.Boolean()),
  },
  { $id: "Me" },
);
export type Me = Static<typeof MeSchema>;

export const PatchMeSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    preferences: Type.Optional(Type.Object({ unread_scope: Type.Optional(UnreadScopeSchema) })),
  },
  { $id: "PatchMe" },
);
export type PatchMe = Static<typeof PatchMeSchema>;
