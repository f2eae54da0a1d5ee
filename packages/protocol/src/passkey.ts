/** Passkeys: what a browser is asked for, what it answers, and what is kept of it (WebAuthn, as JSON). */
import { Type, type Static } from "typebox";

const MAX_NAME_LENGTH = 200;
/** Bytes as base64url, as many as an answer of that kind may need. */
const bytes = (maxLength: number) => Type.String({ maxLength });
const Name = Type.String({ minLength: 1, maxLength: MAX_NAME_LENGTH });
/** A credential's id has 1,023 bytes at most. */
const CredentialId = bytes(1400);
const Kind = Type.Literal("public-key");
const Extensions = Type.Object({}, { additionalProperties: true });

export const PasskeyBeginSchema = Type.Object(
  { password: Type.Optional(Type.String({ maxLength: 10_000, description: "Not needed just after signing in" })) },
  { $id: "PasskeyBegin" },
);
export type PasskeyBegin = Static<typeof PasskeyBeginSchema>;

export const PasskeyCreationSchema = Type.Object(
  {
    options: Type.Object({
      challenge: Type.String(),
      rp: Type.Object({ id: Type.String(), name: Type.String() }),
      user: Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }),
      pubKeyCredParams: Type.Array(Type.Object({ type: Kind, alg: Type.Integer() })),
      timeout: Type.Integer(),
      attestation: Type.Literal("none"),
      excludeCredentials: Type.Array(Type.Object({ type: Kind, id: Type.String() })),
      authenticatorSelection: Type.Object({
        residentKey: Type.Literal("required"),
        requireResidentKey: Type.Literal(true),
        userVerification: Type.Literal("required"),
      }),
    }),
  },
  { $id: "PasskeyCreation" },
);
/** What `navigator.credentials.create` is asked with. */
export type PasskeyCreation = Static<typeof PasskeyCreationSchema>;

export const NewPasskeySchema = Type.Object(
  {
    name: Name,
    response: Type.Object({
      id: CredentialId,
      rawId: CredentialId,
      type: Kind,
      response: Type.Object({ clientDataJSON: bytes(8000), attestationObject: bytes(40_000) }),
      clientExtensionResults: Extensions,
    }),
  },
  { $id: "NewPasskey" },
);
/** What the authenticator made, and what its owner calls it. */
export type NewPasskey = Static<typeof NewPasskeySchema>;

export const PasskeySchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    /** The host that it was made for, and signs in at. */
    host: Type.String(),
    created_at: Type.String(),
    last_used_at: Type.Union([Type.String(), Type.Null()]),
  },
  { $id: "Passkey" },
);
export type Passkey = Static<typeof PasskeySchema>;

export const PasskeyListSchema = Type.Object({ passkeys: Type.Array(PasskeySchema) }, { $id: "PasskeyList" });
export type PasskeyList = Static<typeof PasskeyListSchema>;

export const PatchPasskeySchema = Type.Object({ name: Name }, { $id: "PatchPasskey" });
export type PatchPasskey = Static<typeof PatchPasskeySchema>;

export const PasskeyRequestSchema = Type.Object(
  {
    options: Type.Object({
      challenge: Type.String(),
      rpId: Type.String(),
      timeout: Type.Integer(),
      userVerification: Type.Literal("required"),
    }),
  },
  { $id: "PasskeyRequest" },
);
/** What `navigator.credentials.get` is asked with: no list of credentials, so that it tells of no account. */
export type PasskeyRequest = Static<typeof PasskeyRequestSchema>;

export const PasskeySignInSchema = Type.Object(
  {
    response: Type.Object({
      id: CredentialId,
      rawId: CredentialId,
      type: Kind,
      response: Type.Object({
        clientDataJSON: bytes(8000),
        authenticatorData: bytes(4000),
        signature: bytes(4000),
        userHandle: Type.Optional(bytes(100)),
      }),
      clientExtensionResults: Extensions,
    }),
  },
  { $id: "PasskeySignIn" },
);
/** What the authenticator signed. */
export type PasskeySignIn = Static<typeof PasskeySignInSchema>;
