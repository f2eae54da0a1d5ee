/** Everything that takes part in a run: one server, some browsers, other programs, and the history that the oracle judges by. */
import {
  type AccountId,
  type ConversationId,
  type ReplyId,
  parseTimestamp,
  SYNC_FULL_SYNC_THRESHOLD_MS,
  SYNC_POLL_INTERVAL_MS,
} from "@instep/protocol";
import type { Boot, SyncQuestion } from "@instep/sync-client";
import { DEFAULT_MODEL, MAX_WAIT_S } from "./api.ts";
import { Browser } from "./browser.ts";
import { History } from "./history.ts";
import { checkConnections, sharesConnections, checkInstant, checkQuiet, type Scene } from "./invariants.ts";
import { checkKept } from "./kept-words.ts";
import { CHANNEL_MS } from "./browser-tabs.ts";
import { HEARTBEAT_MS } from "./exchange.ts";
import type { FaultCounts } from "./network.ts";
import { Random } from "./random.ts";
import { reopen } from "./reopen.ts";
import { Sends } from "./sends.ts";
import { Server } from "./server.ts";
import type { Schedule } from "./step.ts";
import { PageError, type Tab } from "./tab.ts";
import { START_MS, VirtualTime } from "./virtual-time.ts";
import { must } from "./violation.ts";
import { Words } from "./words.ts";

const SEVERAL = "several tabs";
const MODELS = [DEFAULT_MODEL, "model-b"] as const;
const ACCOUNT = "account-of-the-devices" as AccountId;
const STRANGER = "account-of-a-stranger" as AccountId;

/** How long everything needs to come to rest: the longest answer, the longest backoff, a poll, and one more. */
const SETTLING_MS = 200_000;
/** After this, whatever model still writes is stopped. */
const PATIENCE_MS = 30_000;
const MAX_ROUNDS = 4;

/** What a person who runs the server may change between two starts. */
interface Config {
  readonly live: boolean;
  /** The default one first. */
  readonly models: readonly string[];
}

export class World {
  readonly time = new VirtualTime();
  readonly history = new History(ACCOUNT);
  readonly sends = new Sends();
  readonly words = new Words();
  readonly faults: FaultCounts = new Map();
  readonly server: Server;
  readonly random: Random;
  readonly schedule: Schedule;
  readonly accountId = ACCOUNT;
  readonly strangerId = STRANGER;
  /** The server's settings as they are now. */
  config: Config;
  browsers: Browser[] = [];
  #reported: unknown = null;
  readonly #asked = new Set<SyncQuestion>();
  readonly #replyOwners = new Map<string, string>();
  /** Which tab sent a message: tabs of one browser send each other's. */
  readonly #senders = new Map<string, string>();

  /** Where what happens is told; null: nowhere. */
  readonly #trace: ((line: string) => void) | null;

  constructor(schedule: Schedule, trace?: (line: string) => void) {
    this.#trace = trace ?? null;
    this.schedule = schedule;
    this.random = new Random(schedule.seed ^ 0x5eed);
    this.config = { live: schedule.setting.live, models: MODELS };
    passOverPageErrors();
    this.server = new Server({
      time: this.time,
      random: new Random(schedule.seed ^ 0x5e17e),
      pageLimit: schedule.setting.pageLimit,
      config: () => this.config,
      accountIds: [ACCOUNT, STRANGER],
      witness: {
        modelCalled: ({ clientMessageId, replyId }) => {
          this.#replyOwners.set(replyId, clientMessageId);
          this.#report(() => this.sends.modelCalled(clientMessageId));
        },
        syncAsked: (accountId, question) => {
          if (accountId === ACCOUNT) this.#asked.add(question);
          return () => void this.#asked.delete(question);
        },
      },
      onDeath: () => this.#asked.clear(),
    });
  }

  /** Starts the server and opens every tab. */
  async start(): Promise<void> {
    const { setting } = this.schedule;
    await this.server.start();
    const { engine } = this.server.api;
    await engine.updateAccount(ACCOUNT, { unreadScope: setting.unreadScope });
    for (let index = 0; index < setting.conversations; index += 1) {
      await engine.create(ACCOUNT, { id: this.random.uuid(), title: `Before ${index}` });
    }
    await this.observe();
    this.time.afterEvent = () => this.#afterEvent();
    for (const [index, device] of setting.devices.entries()) {
      this.browsers.push(this.#makeBrowser(`device${index}`, device));
    }
    for (const browser of this.browsers) {
      for (let tab = 0; tab < browser.options.setting.tabs; tab += 1) void browser.openTab();
    }
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

  /** The server stops, and comes back with other settings. */
  async reconfigure({ live, models }: { readonly live: boolean; readonly models: number }): Promise<void> {
    this.config = { live, models: MODELS.slice(0, models) };
    if (!this.server.isUp) return;
    await this.server.stop();
    await this.server.start();
  }

  /** Reads what the server committed since. */
  async observe(): Promise<void> {
    if (this.server.isUp && this.server.takeHasCommitted()) await this.history.observe(this.server.api.engine);
  }

  /** History goes on from the backup: what came after it never happened. */
  async rewind(): Promise<void> {
    if (!this.server.hasBackup) return;
    const { epoch, clock } = this.history;
    await this.server.restoreBackup();
    const isToldAll = await this.history.isWholeFor(this.server.api.engine, { epoch, since: clock });
    must(isToldAll, "EPOCH-1", () => "a device of the history before the restore was given an increment");
    this.history.rewound();
    this.sends.rewound();
    this.words.overruled();
    for (const tab of this.tabs()) {
      tab.knowledge.rewound();
      // A reply that is closed anew is another one than the one that was seen.
      for (const id of tab.knowledge.seenIds()) tab.witness.becomesUnsure(id as ConversationId);
      tab.claim = null;
      tab.toBeRead.clear();
    }
  }

  /** Takes every fault away, wakes and shows every page, waits until all has come to rest, and compares. */
  async quiet(): Promise<void> {
    if (!this.server.isUp) await this.time.until(this.server.start());
    // Somebody sets the server's clock right: a lease lasts until a time, and would outlive its owner by as much as it is behind.
    this.server.clockErrorMs = 0;
    for (const browser of this.browsers) {
      browser.link.heal();
      browser.storeBecomes("answers");
      browser.goOnline();
      // A page that a store has left without an answer does without it until it is loaded again: what waits there goes then [DEV-12].
      for (const tab of browser.tabs.filter(({ store }) => store.isLost)) reopen(this, tab, "reopen");
      for (const { page } of browser.tabs) {
        page.thaw();
        page.show();
      }
      for (const { witness } of browser.tabs) witness.expectsFull = false;
    }
    await this.time.run(PATIENCE_MS);
    // Two that begin at once find out as soon as either hears of its reply.
    if (!this.browsers.every(sharesConnections)) await this.time.run(HEARTBEAT_MS + CHANNEL_MS);
    for (const browser of this.browsers) checkConnections(browser);
    await this.#stopReplies();
    await this.time.run(SETTLING_MS);
    // Sends that had to wait for a reply bring others, which may have to be stopped as well.
    for (let round = 0; round < MAX_ROUNDS && this.#isBusy(); round += 1) {
      await this.#stopReplies();
      await this.time.run(SETTLING_MS);
    }
    await this.time.until(this.history.checkOldest(this.server.api.engine));
    for (const [id, row] of this.history.live()) {
      must(row.active_reply_id === null, "TURN-6", () => `the reply of ${id} hangs`);
    }
    for (const scene of this.#scenes()) checkQuiet(scene);
    this.sends.checkQuiet(this.history, this.tabs());
    this.words.checkQuiet(this.history);
    await this.time.until(checkKept(this));
    await this.time.until(this.server.check());
  }

  /** Ends the run; nothing of it is left. */
  async close(): Promise<void> {
    for (const tab of this.tabs()) tab.page.kill();
    this.time.afterEvent = async () => {};
    await this.server.close();
  }

  #makeBrowser(name: string, setting: Schedule["setting"]["devices"][number]): Browser {
    return new Browser({
      name,
      setting,
      time: this.time,
      random: new Random(this.schedule.seed ^ Math.imul(name.length + this.browsers.length, 0x9e3779b1)),
      host: this.server,
      counts: this.faults,
      accountId: ACCOUNT,
      boot: () => this.#boot(),
      api: () => this.server.api,
      replyOwner: (replyId) => this.#replyOwners.get(replyId),
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

  #boot(): Boot {
    const { unreadScope } = this.schedule.setting;
    const { live, models } = this.config;
    return {
      config: {
        sync: {
          poll_interval_ms: SYNC_POLL_INTERVAL_MS,
          full_sync_threshold_ms: SYNC_FULL_SYNC_THRESHOLD_MS,
          live,
          max_wait_s: MAX_WAIT_S,
        },
        models: models.map((id) => ({ id, name: id })),
        default_model: DEFAULT_MODEL,
        auth: { mode: "local" },
        version: "simulated",
      },
      me: { id: ACCOUNT, email: null, name: "", preferences: { unread_scope: unreadScope } },
    };
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
    if (this.#reported !== null) throw this.#reported;
    await this.observe();
    if (this.server.isUp) this.#checkHolds();
    for (const browser of this.browsers) browser.keepTouched();
    for (const scene of this.#scenes()) if (scene.tab.page.takeHasRun()) checkInstant(scene);
    this.#forgetDeleted();
    this.sends.checkInstant(this.history);
  }

  /** To mark a deleted conversation as read is refused, and its restoring doesn't repeat it. */
  #forgetDeleted(): void {
    const live = this.history.live();
    for (const { toBeRead } of this.tabs()) {
      for (const id of toBeRead.keys()) if (!live.has(id as ConversationId)) toBeRead.delete(id);
    }
  }

  /** Nothing that has an answer is held back [WAIT-1]. */
  #checkHolds(): void {
    for (const { since, epoch } of this.#asked) {
      const isOurs = epoch === null || epoch === this.history.epoch;
      const asked = since === null ? null : parseTimestamp(since);
      const hasNews = asked !== null && isOurs && asked < this.history.clock;
      must(!hasNews, "WAIT-1", () => `a question since ${since} is held, and the clock is ${this.history.clock}`);
    }
  }

  #isBusy(): boolean {
    const isWriting = [...this.history.live().values()].some(({ active_reply_id: replyId }) => replyId !== null);
    return isWriting || this.sends.isBusy(this.tabs());
  }

  /** Stops what a model still writes; a reply that nobody writes any more is the server's to close. */
  async #stopReplies(): Promise<void> {
    for (const [id, { active_reply_id: replyId }] of this.history.live()) {
      if (replyId === null || !this.server.api.isGenerating(replyId)) continue;
      await this.time.until(this.server.api.engine.stopReply(ACCOUNT, id, replyId as ReplyId));
    }
    await this.time.settle();
  }

  *#scenes(): Generator<Scene> {
    for (const browser of this.browsers) {
      for (const tab of browser.tabs) {
        if (tab.page.isGone) continue;
        yield {
          history: this.history,
          browser,
          tab,
          unreadScope: this.schedule.setting.unreadScope,
          words: this.words,
          sends: this.sends,
          replyOwner: (replyId) => this.#replyOwners.get(replyId),
        };
      }
    }
  }
}

/** A page's own errors end up where a browser shows them; every other is a failure of the run. */
function passOverPageErrors(): void {
  globalThis.reportError = (error: unknown) => {
    if (!(error instanceof PageError)) throw error;
  };
}
