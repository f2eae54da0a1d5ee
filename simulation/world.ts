/** Everything that takes part in a run: one server, some browsers, other programs, and the history that the oracle judges by. */
import type { AccountId, ConversationId } from "@instep/protocol";
import type { SyncQuestion } from "@instep/sync-client";
import { Apart } from "./apart.ts";
import { FIRST_MODEL } from "./api.ts";
import { bootOf, type ServerConfig } from "./boot.ts";
import { Browser } from "./browser.ts";
import { History } from "./history.ts";
import { checkNow } from "./judge.ts";
import type { FaultCounts } from "./network.ts";
import { Random } from "./random.ts";
import { Sends } from "./sends.ts";
import { Server } from "./server.ts";
import type { Schedule } from "./step.ts";
import { PageError, type Tab } from "./tab.ts";
import { START_MS, VirtualTime } from "./virtual-time.ts";
import { must } from "./violation.ts";
import { Words } from "./words.ts";

const SEVERAL = "several tabs";
const MODELS = [FIRST_MODEL, "model-b"] as const;
const ACCOUNT = "account-of-the-devices" as AccountId;
const NEIGHBOUR = "account-of-the-neighbour" as AccountId;
const STRANGER = "account-of-a-stranger" as AccountId;

export class World {
  readonly time: VirtualTime;
  readonly history: History;
  readonly sends = new Sends();
  readonly words = new Words();
  readonly faults: FaultCounts = new Map();
  readonly server: Server;
  readonly random: Random;
  readonly schedule: Schedule;
  readonly accountId: AccountId;
  readonly strangerId = STRANGER;
  /** The server's settings as they are now. */
  config: ServerConfig;
  browsers: Browser[] = [];
  /** The second account, on the same server; null where there is none. */
  readonly neighbour: World | null;
  #reported: unknown = null;
  readonly #asked = new Set<SyncQuestion>();
  readonly #replyOwners = new Map<string, string>();
  /** Which tab sent a message: tabs of one browser send each other's. */
  readonly #senders = new Map<string, string>();

  /** Whose server it is, where it is another's. */
  readonly #host: World | null;
  /** Where what happens is told; null: nowhere. */
  readonly #trace: ((line: string) => void) | null;

  /** `host` is there for a second account, whose server and time are the first one's. */
  constructor(schedule: Schedule, trace?: (line: string) => void, host?: World) {
    this.#trace = trace ?? null;
    this.#host = host ?? null;
    this.schedule = schedule;
    this.accountId = host ? NEIGHBOUR : ACCOUNT;
    this.history = new History(this.accountId);
    this.time = host?.time ?? new VirtualTime();
    this.random = new Random(schedule.seed ^ 0x5eed);
    this.config = { live: schedule.setting.live, models: MODELS };
    passOverPageErrors();
    this.server = host?.server ?? this.#makeServer();
    const { neighbour: setting, seed } = schedule;
    this.neighbour = setting ? new World({ seed: seed ^ 0x7e19b, setting, steps: [] }, trace, this) : null;
  }

  /** Everybody who has devices here. */
  residents(): readonly World[] {
    return this.neighbour ? [this, this.neighbour] : [this];
  }

  /** Starts the server and opens every tab. */
  async start(): Promise<void> {
    await this.server.start();
    for (const resident of this.residents()) await resident.#prepare();
    await this.observe();
    this.time.afterEvent = () => this.#afterEvent();
    for (const resident of this.residents()) resident.#openBrowsers();
    await this.time.run(0);
  }

  log(line: () => string): void {
    this.#trace?.(`${this.time.now() - START_MS} ms ${line()}`);
  }

  tabs(): Tab[] {
    return this.browsers.flatMap(({ tabs }) => tabs);
  }

  browserOf(tab: Tab): Browser {
    const browser = this.browsers.find(({ tabs }) => tabs.includes(tab));
    if (!browser) throw new Error("A tab without a browser");
    return browser;
  }

  /** The send that a reply answers, by the reply's id. */
  replyOwner(replyId: string): string | undefined {
    return this.#replyOwners.get(replyId);
  }

  /** The server stops, and comes back with other settings. */
  async reconfigure({ live, models }: { readonly live: boolean; readonly models: number }): Promise<void> {
    for (const resident of this.residents()) resident.config = { live, models: MODELS.slice(0, models) };
    if (!this.server.isUp) return;
    await this.server.stop();
    await this.server.start();
  }

  /** Reads what the server committed since. */
  async observe(): Promise<void> {
    if (this.#host) return this.#host.observe();
    if (!this.server.isUp || !this.server.takeHasCommitted()) return;
    for (const { history } of this.residents()) await history.observe(this.server.api.engine);
  }

  /** History goes on from the backup: what came after it never happened. */
  async rewind(): Promise<void> {
    if (!this.server.hasBackup) return;
    const asked = this.residents().map(
      (resident) => [resident, resident.history.epoch, resident.history.clock] as const,
    );
    await this.server.restoreBackup();
    for (const [resident, epoch, since] of asked) {
      const isToldAll = await resident.history.isWholeFor(this.server.api.engine, { epoch, since });
      must(isToldAll, "EPOCH-1", () => "a device of the history before the restore was given an increment");
      resident.#rewound();
    }
  }

  #rewound(): void {
    this.history.rewound();
    this.sends.rewound();
    this.words.overruled();
    for (const tab of this.tabs()) {
      tab.knowledge.rewound();
      tab.witness.ownReplies.rewound();
      tab.witness.rewound();
      // A reply that is closed anew is another one than the one that was seen.
      for (const id of tab.knowledge.seenIds()) tab.witness.becomesUnsure(id as ConversationId);
      tab.claim = null;
      tab.toBeRead.clear();
    }
  }

  /** Ends the run; nothing of it is left. */
  async close(): Promise<void> {
    for (const resident of this.residents()) for (const tab of resident.tabs()) tab.page.kill();
    this.time.afterEvent = async () => {};
    await this.server.close();
  }

  async #prepare(): Promise<void> {
    const { unreadScope, conversations } = this.schedule.setting;
    const { engine } = this.server.api;
    await engine.updateAccount(this.accountId, { unreadScope });
    for (let index = 0; index < conversations; index += 1) {
      await engine.create(this.accountId, { id: this.random.uuid(), title: `Before ${index}` });
    }
  }

  #openBrowsers(): void {
    const whose = this.#host ? "neighbour" : "device";
    for (const [index, device] of this.schedule.setting.devices.entries()) {
      this.browsers.push(this.#makeBrowser(`${whose}${index}`, device));
    }
    for (const browser of this.browsers) {
      for (let tab = 0; tab < browser.options.setting.tabs; tab += 1) void browser.openTab();
    }
  }

  #makeServer(): Server {
    const { seed, setting, neighbour } = this.schedule;
    const residentOf = (id: AccountId): World => (id === NEIGHBOUR && this.neighbour ? this.neighbour : this);
    return new Server({
      time: this.time,
      random: new Random(seed ^ 0x5e17e),
      pageLimit: setting.pageLimit,
      config: () => this.config,
      accountIds: [ACCOUNT, STRANGER, ...(neighbour ? [NEIGHBOUR] : [])],
      apart: neighbour
        ? new Apart({ time: this.time, neighbourId: NEIGHBOUR, report: (check) => void this.#report(check) })
        : null,
      witness: {
        modelCalled: (accountId, call) => residentOf(accountId).#modelCalled(call),
        syncAsked: (accountId, question) => {
          const asked = residentOf(accountId).#asked;
          asked.add(question);
          return () => void asked.delete(question);
        },
      },
      onDeath: () => {
        for (const resident of this.residents()) resident.#asked.clear();
      },
    });
  }

  #modelCalled({ clientMessageId, replyId }: { readonly clientMessageId: string; readonly replyId: string }): void {
    this.#replyOwners.set(replyId, clientMessageId);
    this.#report(() => this.sends.modelCalled(clientMessageId));
  }

  #makeBrowser(name: string, setting: Schedule["setting"]["devices"][number]): Browser {
    return new Browser({
      name,
      setting,
      time: this.time,
      random: new Random(this.schedule.seed ^ Math.imul(name.length + this.browsers.length, 0x9e3779b1)),
      host: this.server,
      counts: (this.#host ?? this).faults,
      accountId: this.accountId,
      boot: () => bootOf(this.accountId, this.schedule.setting, this.config),
      api: () => this.server.api,
      replyOwner: (replyId) => this.replyOwner(replyId),
      onSend: (clientMessageId, tab) => {
        const isFirst = (this.#senders.get(clientMessageId) ?? tab.name) === tab.name;
        this.#senders.set(clientMessageId, isFirst ? tab.name : SEVERAL);
      },
      onOrphaned: (text) => this.sends.discarded(text),
      onChange: (id, thing) => this.words.leaves(id, thing),
      sender: (clientMessageId) => this.#senders.get(clientMessageId),
      epoch: () => this.history.epoch,
      log: (line) => this.log(line),
      report: (check) => this.#report(check),
    });
  }

  /** Keeps what a check says that runs inside of the client or the server, where it might be taken for a failure of theirs. */
  #report<T>(check: () => T): T | null {
    try {
      return check();
    } catch (error) {
      this.#reported ??= error;
      return null;
    }
  }

  async #afterEvent(): Promise<void> {
    for (const resident of this.residents()) if (resident.#reported !== null) throw resident.#reported;
    await this.observe();
    for (const resident of this.residents()) checkNow(resident, resident.#asked);
  }
}

/** A page's own errors end up where a browser shows them; every other is a failure of the run. */
function passOverPageErrors(): void {
  globalThis.reportError = (error: unknown) => {
    if (!(error instanceof PageError)) throw error;
  };
}
