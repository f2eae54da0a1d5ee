/** Signing in: what a sign-in page sends and gets, sessions, and tokens for programs. */
import { Type, type Static } from "typebox";

/** Longer ones are refused before anything is made of them. */
const Email = Type.String({ maxLength: 320 });
const Password = Type.String({ maxLength: 10_000 });

export const SignUpSchema = Type.Object(
  { email: Email, password: Password, name: Type.Optional(Type.String({ maxLength: 200 })) },
  { $id: "SignUp" },
);
export type SignUp = Static<typeof SignUpSchema>;

export const SignInSchema = Type.Object({ email: Email, password: Password }, { $id: "SignIn" });
export type SignIn = Static<typeof SignInSchema>;

export const SignedInSchema = Type.Object(
  { user: Type.Object({ id: Type.String(), email: Type.String(), name: Type.String() }) },
  { $id: "SignedIn" },
);
/** Who has signed in; the session is a cookie. */
export type SignedIn = Static<typeof SignedInSchema>;

export const OidcBeginSchema = Type.Object(
  { return_to: Type.Optional(Type.String({ maxLength: 200, description: "The page's address to end at" })) },
  { $id: "OidcBegin" },
);
export type OidcBegin = Static<typeof OidcBeginSchema>;

export const OidcBegunSchema = Type.Object(
  { url: Type.String({ description: "Where to send the browser" }) },
  { $id: "OidcBegun" },
);
/** The way to another provider has been begun; the browser keeps what the way back needs as a cookie. */
export type OidcBegun = Static<typeof OidcBegunSchema>;

/** Null: it never ends by itself. */
const Ending = Type.Union([Type.String(), Type.Null()]);

export const NewTokenSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    /** Left out: until it is taken away. */
    expires_in_days: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 36_500 })),
  },
  { $id: "NewToken" },
);
export type NewToken = Static<typeof NewTokenSchema>;

const AccessToken = Type.Object({
  id: Type.String(),
  name: Type.String(),
  created_at: Type.String(),
  /** To the hour. */
  last_used_at: Type.String(),
  expires_at: Ending,
});

export const TokenMadeSchema = Type.Object(
  { ...AccessToken.properties, token: Type.String({ description: "Shown here and never again" }) },
  { $id: "TokenMade" },
);
export type TokenMade = Static<typeof TokenMadeSchema>;

export const TokenListSchema = Type.Object({ tokens: Type.Array(AccessToken) }, { $id: "TokenList" });
export type TokenList = Static<typeof TokenListSchema>;

export const SessionListSchema = Type.Object(
  {
    sessions: Type.Array(
      Type.Object({
        id: Type.String(),
        /** What the browser said that it is. */
        device: Type.String(),
        created_at: Type.String(),
        last_used_at: Type.String(),
        expires_at: Ending,
        /** Whether it is the one that asks. */
        is_current: Type.Boolean(),
      }),
    ),
  },
  { $id: "SessionList" },
);
export type SessionList = Static<typeof SessionListSchema>;

export const ChangePasswordSchema = Type.Object(
  { current_password: Password, new_password: Password },
  { $id: "ChangePassword" },
);
export type ChangePassword = Static<typeof ChangePasswordSchema>;

export const ResetPasswordSchema = Type.Object(
  { token: Type.String({ maxLength: 200 }), password: Password },
  { $id: "ResetPassword" },
);
/** With the token of a link that an administrator handed out. */
export type ResetPassword = Static<typeof ResetPasswordSchema>;

export const LeaveSchema = Type.Object({ password: Password }, { $id: "Leave" });
/** Confirms that the account goes, with all that it has. */
export type Leave = Static<typeof LeaveSchema>;
