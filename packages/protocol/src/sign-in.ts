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
