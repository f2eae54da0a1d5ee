/** What it costs to know who asks: idle increments with a session's cookie, and how many attempts to sign in get through. */
import { compareInTurn } from "../contestants.ts";
import { HttpConnection, openConnections } from "../http-connection.ts";
import { currentIncrementPath } from "../increment-path.ts";
import { probeWhile } from "../probe.ts";
import type { Row } from "../row.ts";
import type { ServerProcess } from "../server-process.ts";
import { spread } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

const ENV = { ALLOWED_EMAILS: "*@example.com", TRUSTED_PROXIES: "127.0.0.1" };
const PASSWORD = "correct horse";
const ATTACKERS = 16;

export async function measureSignedIn(bench: Workbench): Promise<readonly Row[]> {
  return [...(await measureSessions(bench)), ...(await measureAttempts(bench))];
}

/** The floor reads the same cookie, looks it up in a map, and answers the same bytes. */
async function measureSessions(bench: Workbench): Promise<readonly Row[]> {
  const server = await bench.serve({ kind: "program", dataDir: bench.folder(), env: ENV });
  const { cookie, path } = await signUp(server);
  const connection = await HttpConnection.open(server.url);
  const { body } = await connection.expect({ path, cookie });
  connection.close();
  const bare = await bench.serve({ kind: "bare", body: body.toString("utf8"), cookie });
  const asked = { path, cookie };
  return compareInTurn(bench, "session", [
    { name: "bare", server: bare, asked, figures: [] },
    { name: "with a session's cookie", server, asked, figures: [] },
  ]);
}

async function signUp(server: ServerProcess): Promise<{ readonly cookie: string; readonly path: string }> {
  const connection = await HttpConnection.open(server.url);
  const json = { email: "ann@example.com", password: PASSWORD };
  const { head } = await connection.expect({ method: "POST", path: "/api/auth/sign-up/email", json });
  connection.close();
  const cookie = /set-cookie: ([^;\r]+)/i.exec(head)?.[1];
  if (cookie === undefined) throw new Error(`no cookie: ${head}`);
  return { cookie, path: await currentIncrementPath(server.url, cookie) };
}

interface Attack {
  readonly what: string;
  /** Whom the nth attempt is for, and where it seems to come from. */
  readonly of: (attempt: number) => { readonly email: string; readonly source: string };
  readonly goal: string;
}

const anyAddress = (attempt: number): string => `person${attempt}@example.com`;
const anySource = (attempt: number): string => `10.${(attempt >> 16) & 255}.${(attempt >> 8) & 255}.${attempt & 255}`;

const ATTACKS: readonly Attack[] = [
  {
    what: "one source, one address",
    of: () => ({ email: "ann@example.com", source: "192.0.2.1" }),
    goal: "10, then 1 in 30 s",
  },
  {
    what: "one source, any address",
    of: (attempt) => ({ email: anyAddress(attempt), source: "192.0.2.2" }),
    goal: "60, then 1 in 5 s",
  },
  {
    what: "any source, one address",
    of: (attempt) => ({ email: "bob@example.com", source: anySource(attempt) }),
    goal: "100, then 1 in 10 s",
  },
  {
    what: "any source, any address",
    of: (attempt) => ({ email: anyAddress(attempt), source: anySource(attempt) }),
    goal: "as many as it can hash",
  },
];

/** Wrong passwords as fast as they are answered, while somebody who is signed in asks for idle increments. */
async function measureAttempts(bench: Workbench): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const attack of ATTACKS) {
    bench.progress(`attempts to sign in: ${attack.what}`);
    const server = await bench.serve({ kind: "program", dataDir: bench.folder(), env: ENV });
    const { cookie, path } = await signUp(server);
    let tally: Tally = { passed: 0, all: 0, seconds: 0 };
    const probing = { url: server.url, paths: [path], cookie, everyMs: 20 };
    const latencies = await probeWhile(probing, async () => {
      tally = await assail(server.url, attack, bench.size(15_000, 1500));
    });
    rows.push({
      target: "sign-in",
      what: `wrong passwords let through in ${tally.seconds.toFixed(0)} s: ${attack.what}`,
      ours: `${tally.passed} of ${tally.all}, ${(tally.passed / tally.seconds).toFixed(1)}/s`,
      beside: `idle increments of another meanwhile: ${spread(latencies)}`,
      goal: attack.goal,
    });
    await server.stop();
  }
  return rows;
}

interface Tally {
  readonly passed: number;
  readonly all: number;
  readonly seconds: number;
}

async function assail(url: string, { of }: Attack, forMs: number): Promise<Tally> {
  const connections = await openConnections(url, ATTACKERS);
  const startedAt = performance.now();
  let all = 0;
  let passed = 0;
  const attacker = async (connection: HttpConnection): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      const { email, source } = of(all++);
      const { status } = await connection.ask({
        method: "POST",
        path: "/api/auth/sign-in/email",
        json: { email, password: "wrong horse" },
        headers: `X-Forwarded-For: ${source}\r\n`,
      });
      // Refused for the password, and not for their number.
      if (status === 401) passed++;
      else if (status !== 429 && status !== 503) throw new Error(`unexpected: ${status}`);
    }
    connection.close();
  };
  await Promise.all(connections.map(attacker));
  return { passed, all, seconds: (performance.now() - startedAt) / 1000 };
}
