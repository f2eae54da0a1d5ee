/** The whole program under fuzzed requests: people in it, what its answers tell, and what was wrong. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { createLog } from "../../src/program-log.ts";
import { rawRequest } from "./raw-request.ts";
import { createKnownValues, type KnownValues } from "./known-values.ts";
import { faultOf } from "./judge.ts";
import { operationsOf, type OpenApiDocument, type Operation } from "./operations.ts";
import { add, passkeysOf, PUBLIC_URL } from "../passkey-calls.ts";
import { PASSWORD, signIn, signUp, startForPeople, type Someone } from "../people.ts";
import { SoftwareAuthenticator } from "../software-authenticator.ts";
import { KNOWN, type FuzzRequest, type Value } from "./requests.ts";

export interface FuzzedProgram {
  readonly operations: readonly Operation[];
  /** Sends it; a fault as words, with the request; null where all is well. */
  send(request: FuzzRequest): Promise<string | null>;
  /** How many calls were answered, by call and status. */
  readonly answered: ReadonlyMap<string, number>;
  /** Ends it and recounts all that it has stored; what is wrong with that, or null. Its data go away. */
  finish(): Promise<string | null>;
}

const CLI = fileURLToPath(new URL("../../src/cli/cli.ts", import.meta.url));
const SETTINGS = {
  PUBLIC_URL,
  SYNC_MAX_WAIT_SECONDS: "1",
  CALLS_PER_MINUTE: "1000000",
  SENDS_PER_MINUTE: "1000000",
  MODELS: "demo=Demo",
};

/** Starts it, with a first of everything in it. */
export async function startFuzzedProgram(): Promise<FuzzedProgram> {
  const logged: string[] = [];
  const log = createLog({ logLevel: "error" }, { write: (line) => logged.push(line) });
  const app = await startForPeople({ env: SETTINGS, log });
  const knownBy = new Map(["ann", "bea", "nobody"].map((name) => [name, createKnownValues()]));
  const answered = new Map<string, number>();
  const people = new Map<string, Someone>();
  const entering = new Map<string, Promise<unknown>>();
  let newcomers = 0;

  /** One after the other, since requests that go together may both find that somebody was signed out. */
  function personOf(name: string): Promise<Someone> {
    const next = (entering.get(name) ?? Promise.resolve()).then(() => enter(name));
    entering.set(
      name,
      next.catch(() => undefined),
    );
    return next;
  }

  /** Signs in again whoever was signed out, under another name where the account or its password has gone. */
  async function enter(name: string): Promise<Someone> {
    const standing = people.get(name);
    if (standing !== undefined && (await standing.call("/api/me")).status === 200) return standing;
    newcomers += 1;
    const person = await signIn(app.url, name).catch(() => signUp(app.url, `${name}-${newcomers}`));
    // What another account's was is no use to this one.
    if (people.get(name)?.user.id !== person.user.id) knownBy.set(name, createKnownValues());
    people.set(name, person);
    await seed(person, (...told) => knownBy.get(name)?.learn(...told));
    return person;
  }

  async function seed(person: Someone, learn: KnownValues["learn"]): Promise<void> {
    for (const title of ["Marmalade", "Bread", "Trashed"]) {
      const { id } = await person.create(title);
      await person.batch(id, { message: "one" });
      await person.batch(id, { message: "another one", more: { replace_from_seq: 1 } });
      const { messages } = await person.open(id);
      learn((await person.call(`/api/conversations/${id}`)).body, id);
      const place = messages.find((message) => message.version_count)?.seq ?? 1;
      learn((await person.call(`/api/conversations/${id}/versions/${place}`)).body, id);
      if (title === "Trashed") await person.call(`/api/conversations/${id}`, { method: "DELETE" });
    }
    const passkeys = await passkeysOf(person);
    learn(passkeys.length > 0 ? passkeys : await add(person, new SoftwareAuthenticator(PUBLIC_URL)));
    for (const path of ["/api/conversations?limit=1", "/api/conversations/sync", "/api/sessions"]) {
      learn((await person.call(path)).body);
    }
  }

  /** Mostly one's own, and now and then another's. */
  function pickFor(who: string): KnownValues["pick"] {
    const own = knownBy.get(who === "nobody" ? "ann" : who);
    const others = knownBy.get(who === "ann" ? "bea" : "ann");
    return (name, place, conversation) => (place % 9 === 8 ? others : own)?.pick(name, place, conversation) ?? "";
  }

  for (const name of ["ann", "bea"]) await personOf(name);
  const nobody = await fetch(`${app.url}/api/openapi.json`);
  const operations = operationsOf((await nobody.json()) as OpenApiDocument);

  return {
    operations,
    answered,
    async finish() {
      await app.leave();
      const env = { PATH: process.env["PATH"], DATA_DIR: app.dataDir };
      const args = ["--conditions=@instep/source", CLI, "check"];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
      rmSync(app.dataDir, { recursive: true, force: true });
      return status === 0 ? null : `${stdout}${stderr}`;
    },
    async send(request) {
      const person = request.who === "nobody" ? null : await personOf(request.who);
      const sent = spelled(request, pickFor(request.who));
      const headers = { ...(sent.body !== null && JSON_BODY), ...(person && { cookie: person.cookie }) };
      const answer = await rawRequest(app.url, { ...sent, headers: { ...headers, ...request.headers } });
      const call = `${request.operation.method} ${request.operation.path}`;
      const key = `${request.otherMethod ?? call} ${answer.status}`;
      answered.set(key, (answered.get(key) ?? 0) + 1);
      const isJson = answer.headers.get("content-type")?.startsWith("application/json") === true && answer.text !== "";
      if (isJson) knownBy.get(request.who)?.learn(JSON.parse(answer.text), sent.conversation);
      const fault = faultOf(answer, isAsDocumented(request) ? request.operation : null);
      const told = logged.splice(0);
      if (fault === null && told.length === 0) return null;
      return [
        fault ?? "an error in the log",
        `${sent.method} ${sent.path}`,
        `${JSON.stringify(sent.body?.slice(0, 500))} ${JSON.stringify(request.headers)}`,
        `${answer.status} ${answer.text.slice(0, 500)}`,
        ...told,
      ].join("\n");
    },
  };
}

const JSON_BODY = { "content-type": "application/json" };

function isAsDocumented({ otherMethod, operation, headers }: FuzzRequest): boolean {
  return (otherMethod === null || otherMethod === operation.method) && headers["range"] === undefined;
}

interface Spelled {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  /** That the path names; undefined where it names none. */
  readonly conversation: string | undefined;
}

/** The request as it goes over the wire. */
function spelled(request: FuzzRequest, pick: KnownValues["pick"]): Spelled {
  const { operation, path, query, body, otherMethod } = request;
  const method = otherMethod ?? operation.method;
  const textOf = (name: string, value: Value, conversation?: string) =>
    "known" in value ? pick(name, value.known, conversation) : value.text;
  const conversation = operation.pathNames.includes("id") ? textOf("id", path["id"] ?? { known: 0 }) : undefined;
  const address = operation.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) =>
    encode(name === "id" ? (conversation ?? "") : textOf(name, path[name] ?? { known: 0 }, conversation)),
  );
  const search = query.map(([name, value]) => `${name}=${encode(textOf(name, value, conversation))}`).join("&");
  const known = body?.replaceAll(KNOWN, () => pick("id", body.length));
  // The right password ends everything: rarely, so that there is something left to try.
  const spared =
    body !== null && operation.path === "/api/me" && body.length % 7 > 0 ? known?.replaceAll(PASSWORD, "no") : known;
  return {
    method,
    path: search === "" ? address : `${address}?${search}`,
    conversation,
    body: method === "GET" || method === "HEAD" ? null : (spared ?? null),
  };
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
