/** Hands one mail to the server that takes it. The library is loaded by whoever has something to send, and by nobody else. */
import { errorMessage } from "../code-of.ts";
import type { MailSettings } from "./mail-settings.ts";

export interface Mail {
  /** A checked address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const SENDER_NAME = "Instep";
/** How long the server may say nothing. */
const PATIENCE_MS = 15_000;
const MAX_WHY_LENGTH = 200;

/** Null once the server has taken it; else why not, in one line that has no secret in it. `patienceMs` is less for tests only. */
export async function sendMail(settings: MailSettings, mail: Mail, patienceMs = PATIENCE_MS): Promise<string | null> {
  const { createTransport } = await import("nodemailer");
  const { host, port, isSecure, isLocal, login, from } = settings;
  const transport = createTransport({
    host,
    port,
    secure: isSecure,
    // Nobody is on the way to this machine's own, whose certificate is rarely one that anybody trusts.
    requireTLS: !isSecure && !isLocal,
    ignoreTLS: !isSecure && isLocal,
    ...(login !== null && { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ ...mail, from: { name: SENDER_NAME, address: from } });
    return null;
  } catch (error) {
    const why = errorMessage(error);
    const plain = login === null ? why : why.replaceAll(login.password, "…");
    return plain.replaceAll(/\s+/g, " ").slice(0, MAX_WHY_LENGTH);
  } finally {
    transport.close();
  }
}
