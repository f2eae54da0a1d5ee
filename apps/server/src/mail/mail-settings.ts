/** The settings of mail: a server that takes it and an address that it comes from, or neither. */
import { normalAddress } from "../accounts/allow-list.ts";
import { isLoopbackName } from "../loopback.ts";
import type { SettingReader } from "../settings/setting-reader.ts";

/** Where mail is handed in, and from whom it is. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else it is asked for before anything is said, but on this machine. */
  readonly isSecure: boolean;
  readonly isLocal: boolean;
  /** Null: the server takes mail without. */
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly from: string;
}

const FORM = 'it has to be like "smtps://user:password@mail.example.org", with what stands for a sign written as %40';
const PORTS = { "smtps:": 465, "smtp:": 587 } as const;

/** Null where nothing is mailed. Nothing of an address with a password in it is ever repeated. */
export function readMail(read: SettingReader, publicUrl: string | null): MailSettings | null {
  const text = read.secret("SMTP_URL");
  const from = read.text("MAIL_FROM");
  if (text === null) {
    if (from !== null) read.refuse("SMTP_URL", "it is needed with MAIL_FROM");
    return null;
  }
  const server = readServer(text);
  if (server === null) read.refuse("SMTP_URL", FORM);
  if (from === null || normalAddress(from) === null) read.refuse("MAIL_FROM", "with SMTP_URL it has to be an address");
  if (publicUrl === null) read.refuse("PUBLIC_URL", "it is needed with SMTP_URL: what is mailed leads there");
  return server && { ...server, from: from ?? "" };
}

function readServer(text: string): Omit<MailSettings, "from"> | null {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "smtp:" && url.protocol !== "smtps:")) return null;
  const { protocol, hostname, port, pathname, search, hash } = url;
  const [user, password] = [decoded(url.username), decoded(url.password)];
  const isPlain = ["", "/"].includes(pathname) && search === "" && hash === "";
  if (hostname === "" || !isPlain || user === null || password === null || (user === "") !== (password === "")) {
    return null;
  }
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? PORTS[protocol] : Number(port),
    isSecure: protocol === "smtps:",
    isLocal: isLoopbackName(hostname),
    login: user === "" ? null : { user, password },
  };
}

/** Null where a sign is not written as one. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
