/** What `users` mails, to a server that takes mail as real ones do, and what becomes of it where that takes none. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { AccountId } from "@instep/protocol";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { hashToken } from "../src/accounts/sessions.ts";
import { openAccountStore } from "../src/accounts/storage/sqlite-account-store.ts";
import { CommandError, type CommandContext } from "../src/cli/command.ts";
import { TerminalLine } from "../src/cli/terminal-line.ts";
import { usersCommand } from "../src/cli/users-command.ts";
import { readSettings } from "../src/settings/config.ts";
import { sendMail } from "../src/mail/send-mail.ts";
import { selfSigned } from "./self-signed.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const SECRET = "a secret for the test".replaceAll(" ", "-");
const LOGIN = { user: "instep@example.org", password: "p@ss/word" };

interface Taken {
  readonly from: string;
  readonly to: readonly string[];
  readonly headers: string;
  readonly text: string;
}

let folder: string;
let taken: Taken[];
let printed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-mail-"));
  [taken, printed] = [[], []];
  const store = openAccountStore(join(folder, "accounts.sqlite"));
  const person = { id: "ann" as AccountId, email: "ann@example.com", password: "hash", createdAt: 1 };
  store.addPerson(person);
  store.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A mail server on a free port of this machine. */
async function startServer(options: SMTPServerOptions = {}): Promise<number> {
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authOptional: false,
    onAuth: ({ username, password }, _session, callback) =>
      username === LOGIN.user && password === LOGIN.password
        ? callback(null, { user: username })
        : callback(new Error(`Not the password: ${password}`)),
    onData(stream, { envelope }, answer) {
      const take = async () => {
        const raw = await text(stream);
        const [headers = "", ...body] = raw.split("\r\n\r\n");
        const plain = body.join("\n\n").replaceAll("=\r\n", "").replaceAll("=3D", "=").replaceAll("\r\n", "\n");
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        taken.push({ from, to: envelope.rcptTo.map(({ address }) => address), headers, text: plain });
        answer();
      };
      void take();
    },
    ...options,
  });
  server.on("error", () => undefined);
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return (server.server.address() as AddressInfo).port;
}

const urlOf = (port: number, { user, password }: typeof LOGIN = LOGIN, scheme = "smtp") =>
  `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`;

function settingsWith(smtpUrl: string) {
  const mail = smtpUrl === "" ? {} : { SMTP_URL: smtpUrl, MAIL_FROM: "instep@example.org" };
  const { settings, fault } = readSettings({
    DATA_DIR: folder,
    ALLOWED_EMAILS: "*@example.com",
    PUBLIC_URL: "https://chat.example.org",
    AUTH_SECRET: SECRET,
    ...mail,
  });
  if (settings === null) throw new Error(fault);
  return settings;
}

async function users(smtpUrl: string, ...words: readonly string[]): Promise<void> {
  const context: CommandContext = {
    settings: settingsWith(smtpUrl),
    file: "",
    words,
    line: new TerminalLine(process.stderr, () => NOW),
    print: (line) => printed.push(line),
    now: () => NOW,
  };
  await usersCommand.run(context);
}

/** Whose password the link of these words may set, just before its time is over. */
function holderOf(words: string): string | null {
  const [, token = ""] = /^https:\/\/chat\.example\.org\/#reset=([\w-]{43})$/m.exec(words) ?? [];
  const store = openAccountStore(join(folder, "accounts.sqlite"));
  try {
    return store.takeReset(hashToken(SECRET, token), NOW + 24 * 3_600_000 - 1);
  } finally {
    store.close();
  }
}

test("[SIGN-12] a link for a new password is mailed to its person, from MAIL_FROM, and it is the one that is printed", async () => {
  await users(urlOf(await startServer()), "reset", "ann@example.com");
  expect(taken).toMatchObject([{ from: "instep@example.org", to: ["ann@example.com"] }]);
  const [mail] = taken;
  expect(mail?.headers).toMatch(/^From: Instep <instep@example\.org>\r$/m);
  expect(mail?.headers).toMatch(/^To: ann@example\.com\r$/m);
  expect(mail?.headers).toMatch(/^Subject: A new password for chat\.example\.org\r$/m);
  expect(mail?.text).toContain(printed[0]);
  expect(printed.at(-1)).toBe("Mailed to ann@example.com.");
  expect(holderOf(mail?.text ?? "")).toBe("ann");
});

test("[SIGN-12] an invitation is mailed too, and says where to go", async () => {
  await users(urlOf(await startServer()), "invite", " Bob@Example.com ");
  expect(taken).toMatchObject([{ to: ["bob@example.com"] }]);
  expect(taken[0]?.text).toContain("https://chat.example.org");
  expect(printed).toEqual(["bob@example.com may sign up at https://chat.example.org.", "Mailed to bob@example.com."]);
});

test("[SIGN-12] without the settings nothing is mailed, and nothing is said of it", async () => {
  await users("", "invite", "bob@example.com");
  await users("", "reset", "ann@example.com");
  expect([taken, printed.filter((line) => line.includes("Mailed"))]).toEqual([[], []]);
});

test("[SIGN-12] nobody who has no account is mailed anything", async () => {
  const url = urlOf(await startServer());
  for (const words of [
    ["reset", "bob@example.com"],
    ["invite", "bob@example.com, ann@example.com"],
    ["invite", "bob@example.com\nBcc: eve@example.com"],
  ]) {
    await expect(users(url, ...words)).rejects.toThrow(CommandError);
  }
  expect(taken).toEqual([]);
});

const REFUSALS: Readonly<Record<string, () => Promise<string>>> = {
  "refuses the password": async () => urlOf(await startServer(), { ...LOGIN, password: "another-secret" }),
  "refuses the address": async () =>
    urlOf(await startServer({ onRcptTo: (_address, _session, callback) => callback(new Error("No such mailbox")) })),
  "refuses the text": async () =>
    urlOf(await startServer({ onData: (stream, _session, done) => (stream.resume(), done(new Error("Spam"))) })),
  "is not there": async () => urlOf(await freePort()),
  "shows a certificate that nobody trusts": async () => {
    const { key, cert } = selfSigned(1);
    return urlOf(await startServer({ secure: true, key, cert }), LOGIN, "smtps");
  },
};

test.each(Object.entries(REFUSALS))(
  "[SIGN-12] where the server %s, that is said in one line without a secret, and the printed link holds",
  async (_what, begin) => {
    const failed = await users(await begin(), "reset", "ann@example.com").catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CommandError);
    const { message } = failed as CommandError;
    expect(message).toMatch(
      /^No mail went to ann@example\.com \([^\n]+\)\. What is printed above holds: hand it over\.$/,
    );
    for (const secret of [LOGIN.password, "another-secret", "#reset"]) expect(message).not.toContain(secret);
    expect([taken, holderOf(printed.join("\n"))]).toEqual([[], "ann"]);
  },
);

test("[SIGN-12] a server that says nothing is given up", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void silent.close());
  const { mail } = settingsWith(urlOf((silent.address() as AddressInfo).port));
  if (mail === null) throw new Error("there is no mail");
  expect(await sendMail(mail, { to: "ann@example.com", subject: "s", text: "t" }, 50)).toMatch(/.+/);
});

test("[SIGN-12] elsewhere than on this machine nothing is said before the connection is sealed", async () => {
  const { mail } = settingsWith(urlOf(await startServer()));
  if (mail === null) throw new Error("there is no mail");
  expect(await sendMail({ ...mail, isLocal: false }, { to: "ann@example.com", subject: "s", text: "t" })).toMatch(
    /TLS/,
  );
  expect(taken).toEqual([]);
});

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}
