/** `users`: who may sign in, a new password for who has lost his, and the local account's conversations for one of them. */
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { MAX_PRESETS, type AccountId, type Preset } from "@instep/protocol";
import type { Engine, NamedInstructions } from "@instep/sync-server";
import { LOCAL_ACCOUNT } from "../accounts/accounts.ts";
import { isListed, nameFrom } from "../accounts/allow-list.ts";
import { markOf, readAuthSecret, standingSecret } from "../accounts/auth-secret.ts";
import { createLeavers } from "../accounts/leaving.ts";
import { hashToken } from "../accounts/sessions.ts";
import type { AccountStore } from "../accounts/storage/account-store.ts";
import { accountsPath, databasePath } from "../data-folder/places.ts";
import { NO_MODEL } from "../import/instep-format.ts";
import { openEngine } from "../open-engine.ts";
import type { Settings } from "../settings/config.ts";
import { ownAddress } from "../settings/transport-settings.ts";
import { INVITATION, mailTo, resetMail } from "./mailed-words.ts";
import { addressOf, knownPerson, nobodyYet, openAccounts } from "./account-of.ts";
import { CommandError, type CliCommand, type CommandContext } from "./command.ts";
import {
  alone,
  beside,
  existingDatabase,
  refuseLiveMigration,
  refuseWhileOpen,
  requireUsedFolder,
} from "./standing-database.ts";

const HOUR_MS = 3_600_000;
const RESET_HOURS = 24;
const TOKEN_BYTES = 32;
const NOBODY = "Nobody has an account yet.";

type Task = (context: CommandContext, store: AccountStore, address: string) => void | Promise<void>;

const TASKS: Readonly<Record<string, Task>> = { list, invite, reset, remove, adopt };

export const usersCommand: CliCommand = {
  name: "users",
  takesFile: false,
  more: { usage: "list|invite|reset|remove|adopt [ADDRESS]", accepts },
  summary:
    "those who sign in: list them, invite one, print a link for a new password, remove one with all that they have; adopt: give one the conversations of the local account",
  async run(context) {
    const { settings, words } = context;
    const [name = "", address = ""] = words;
    if (name !== "invite" && !existsSync(accountsPath(settings))) requireUsedFolder(settings);
    if (name === "adopt") await alone(settings, name, () => runTask(adopt, context, address));
    else await beside(settings, () => runTask(TASKS[name], context, address));
  },
};

async function runTask(task: Task | undefined, context: CommandContext, address: string): Promise<void> {
  const { settings, print } = context;
  if (task !== invite && !existsSync(accountsPath(settings))) {
    existingDatabase(settings);
    if (task === list) return print(NOBODY);
    if (task !== adopt) throw nobodyYet();
  }
  const store = openAccounts(context);
  try {
    await task?.(context, store, address);
  } finally {
    store.close();
  }
}

function accepts([name = "", ...addresses]: readonly string[]): boolean {
  return Object.hasOwn(TASKS, name) && addresses.length === (name === "list" ? 0 : 1);
}

function list({ settings, print }: CommandContext, store: AccountStore): void {
  const { allowedEmails: allowed } = settings;
  const people = store.people();
  for (const { email, isAdministrator, createdAt } of people) {
    const isAllowed = (allowed !== null && isListed(allowed, email)) || store.isInvited(email);
    const marks = [isAdministrator ? "administrator" : null, isAllowed ? null : "not on the list"].filter(Boolean);
    print([email, `since ${new Date(createdAt).toISOString().slice(0, 10)}`, ...marks].join("  "));
  }
  const waiting = store.invited().filter((email) => store.personByEmail(email) === null);
  for (const email of waiting) print(`${email}  invited`);
  if (people.length + waiting.length === 0) print(NOBODY);
}

async function invite(context: CommandContext, store: AccountStore, address: string): Promise<void> {
  const { settings, print, now } = context;
  const email = addressOf(address);
  store.invite(email, now());
  print(`${email} may sign up${settings.publicUrl === null ? "" : ` at ${settings.publicUrl}`}.`);
  if (settings.allowedEmails === null) print("Set ALLOWED_EMAILS too: without it there is one local account.");
  await mailTo(context, email, INVITATION);
}

/** In the fragment, which no server and no log ever sees. */
async function reset(context: CommandContext, store: AccountStore, address: string): Promise<void> {
  const { settings, print, now } = context;
  const { id, email } = knownPerson(store, address);
  const secret = secretOfServer(settings, store);
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  store.addReset(hashToken(secret, token), id, now() + RESET_HOURS * HOUR_MS);
  const link = `${settings.publicUrl ?? ownAddress(settings, settings.port)}/#reset=${token}`;
  print(link);
  print(`Whoever opens it sets a new password for ${email}, once, within ${RESET_HOURS} hours.`);
  const { length } = store.passkeysOf(id);
  const passkeys = length === 0 ? "" : `, and so ${length === 1 ? "does its passkey" : `do its ${length} passkeys`}`;
  print(`Every session and token of the account ends then${passkeys}.`);
  await mailTo(context, email, resetMail({ link, hours: RESET_HOURS }));
}

/** What the server finds the link by. Throws where it has another secret than this command, which then makes none. */
function secretOfServer(settings: Settings, store: AccountStore): string {
  const mark = store.secretMark();
  if (mark === null) return readAuthSecret(settings);
  const secret = standingSecret(settings);
  if (secret !== null && markOf(secret) === mark) return secret;
  const isNone = secret === null;
  const what = isNone ? "The server's secret is not here" : "The secret here is another one than the server's";
  const remedy = `set AUTH_SECRET as the server has it${isNone ? "" : ", or start the server with this one first"}`;
  throw new CommandError(`${what}, which would refuse the link; ${remedy}.`);
}

async function remove({ settings, print }: CommandContext, store: AccountStore, address: string): Promise<void> {
  const email = addressOf(address);
  refuseLiveMigration(databasePath(settings));
  const wasInvited = store.withdrawInvitation(email);
  const person = store.personByEmail(email);
  if (person === null && !wasInvited) throw new CommandError(`${email} has no account here, and was not invited.`);
  if (person !== null) {
    store.beginLeaving(person.id);
    const engine = await openEngine(settings, { defaultModel: NO_MODEL });
    try {
      await createLeavers(store, engine).finish();
    } finally {
      await engine.close();
    }
  }
  print(person === null ? `${email} is no longer invited.` : `${email} is gone, with all conversations.`);
  const { allowedEmails: allowed } = settings;
  if (allowed !== null && isListed(allowed, email)) print("ALLOWED_EMAILS still lets the address sign up anew.");
}

/** No row moves: the person takes over the account itself, so that nothing can be lost and devices keep what they have. */
async function adopt({ settings, print, now }: CommandContext, store: AccountStore, address: string): Promise<void> {
  refuseWhileOpen(existingDatabase(settings), "adopt");
  const owner = store.person(LOCAL_ACCOUNT.id);
  if (owner !== null) throw new CommandError(`${owner.email} has the local account's conversations already.`);
  const email = addressOf(address);
  const engine = await openEngine(settings, { defaultModel: NO_MODEL });
  try {
    await engine.ensureAccount(LOCAL_ACCOUNT);
    // Whoever is still leaving would take the local account along at the next start.
    await createLeavers(store, engine).finish();
    const person = store.personByEmail(email);
    if (person === null) {
      await nameLocal(engine, email);
      store.addPerson({ id: LOCAL_ACCOUNT.id, email, password: null, createdAt: now() });
    } else {
      const own = await engine.listById(person.id, { afterId: "", limit: 1 });
      const trash = await engine.trashList(person.id, { limit: 1, cursor: null });
      if (own.conversations.length > 0 || ("conversations" in trash && trash.conversations.length > 0)) {
        throw new CommandError(
          `${email} has conversations already; export and delete them, then adopt and import them again.`,
        );
      }
      await takeOver(engine, person.id, email);
      await engine.eraseAccount(person.id);
      store.moveTo(person.id, LOCAL_ACCOUNT.id);
    }
    print(`${email} has the conversations of the local account now.`);
    if (person === null) print(`Set a password with: npm run instep -- users reset ${email}`);
  } finally {
    await engine.close();
  }
}

/** What a person has beside conversations comes along, before anything goes: done again after a kill it adds nothing twice. */
async function takeOver(engine: Engine, from: AccountId, email: string): Promise<void> {
  const [{ presets: own }, { presets: standing }] = [
    await engine.presets(from),
    await engine.presets(LOCAL_ACCOUNT.id),
  ];
  const coming = besides(standing, own);
  if (standing.length + coming.length > MAX_PRESETS) {
    throw new CommandError(`${email} and the local account have over ${MAX_PRESETS} presets; delete some, then adopt.`);
  }
  await engine.importPresets(LOCAL_ACCOUNT.id, coming);
  const account = await engine.account(from);
  if (account === null) return nameLocal(engine, email);
  await engine.updateAccount(LOCAL_ACCOUNT.id, { name: account.name, unreadScope: account.unreadScope });
}

/** Those that don't stand there word for word; one whose id another has there gets a new one, so that neither is lost. */
function besides(standing: readonly Preset[], own: readonly Preset[]): readonly NamedInstructions[] {
  const said = new Set(standing.map(({ name, instructions }) => JSON.stringify([name, instructions])));
  const taken = new Set(standing.map(({ id }) => id));
  return own
    .filter(({ name, instructions }) => !said.has(JSON.stringify([name, instructions])))
    .map(({ id, name, instructions }) => ({ id: taken.has(id) ? randomUUID() : id, name, instructions }));
}

/** By the address, unless it has a name of its own. */
async function nameLocal(engine: Engine, email: string): Promise<void> {
  const local = await engine.account(LOCAL_ACCOUNT.id);
  if (local?.name === LOCAL_ACCOUNT.name) await engine.updateAccount(LOCAL_ACCOUNT.id, { name: nameFrom(email) });
}
