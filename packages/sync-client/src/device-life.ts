/** A device from its start to its end: what it does when the page, the server, or another tab has something to say. */
import { RefusedSends } from "./outbox/refused-sends.ts";
import { BootWatch } from "./boot-watch.ts";
import type { DeviceOptions } from "./device.ts";
import { syncHooks, turnEvents } from "./device-events.ts";
import { DeviceParts } from "./device-parts.ts";
import type { DevicePorts } from "./device-ports.ts";
import { isReturn } from "./backoff-delay.ts";
import type { PageEvent } from "./environment.ts";
import { Gate } from "./gate.ts";
import { ListKeeper } from "./list-keeper.ts";
import { ListPages } from "./list-pages.ts";
import { isSend } from "./outbox/outbox.ts";
import { OutboxMirror } from "./outbox/outbox-mirror.ts";
import { StatusWatch } from "./status-watch.ts";
import { settingsOf } from "./sync-options.ts";
import { TakenOverSends } from "./outbox/taken-over-sends.ts";
import { HeldForAll } from "./tabs/held-for-all.ts";
import { hearWhatIsOver, listenToTabs } from "./tabs/tab-link.ts";

export class DeviceLife {
  readonly parts: DeviceParts;
  readonly status: StatusWatch;
  readonly pages: ListPages;
  readonly keeper: ListKeeper;
  readonly bootWatch: BootWatch;
  readonly heldForAll: HeldForAll;
  readonly #mirror: OutboxMirror;
  readonly #takenOver: TakenOverSends;
  readonly #refused: RefusedSends;
  readonly #restored = new Gate();
  readonly #endings: (() => void)[] = [];
  #isStopped = false;

  constructor(options: DeviceOptions, ports: DevicePorts) {
    const { boot, callbacks = {} } = options;
    const { transport, environment, tabs } = ports;
    this.bootWatch = new BootWatch({ boot, transport, environment, onChanged: callbacks.onBootChanged });
    this.status = new StatusWatch(environment);
    const parts: DeviceParts = new DeviceParts(options, ports, {
      hooks: syncHooks(this),
      turns: turnEvents(this, callbacks),
      outbox: {
        run: (entry) => (entry.kind === "send" ? parts.runner.run(entry) : parts.changes.run(entry)),
        onChange: () => this.#mirror.show(),
        onWentElsewhere: (entries, isOwn) => {
          this.#takenOver.add(entries.filter(isSend), isOwn);
          for (const { id } of entries) parts.changes.endUnlessTold(id);
        },
        onStale: () => void this.#mirror.load(),
      },
      restoring: () => this.#restored.opening,
    });
    this.parts = parts;
    this.pages = new ListPages(parts);
    this.keeper = new ListKeeper(parts.localStore, parts.store);
    this.#takenOver = new TakenOverSends(parts);
    this.#refused = new RefusedSends(parts);
    this.#mirror = new OutboxMirror(parts, this.status);
    const { live: isLive } = settingsOf(boot.config);
    const onServed = (isServed: boolean): void => parts.manager.tell({ kind: "served-by-other", isServed });
    this.heldForAll = new HeldForAll({ tabs, environment, tab: parts.tab, isLive, onServed });
  }

  /** Resolves once what is stored on the device is shown; then syncs. */
  async start(): Promise<void> {
    const { manager, store, box, changes, environment, tabs } = this.parts;
    void this.bootWatch.doubt();
    this.#endings.push(hearWhatIsOver(tabs, { box, store }));
    await this.keeper.load();
    await this.#mirror.catchUp();
    if (this.#isStopped) return;
    this.#restored.open();
    const onReached = (): void => {
      manager.reached();
      this.reached();
    };
    this.#endings.push(
      listenToTabs(tabs, { manager, store, changes, onOutbox: () => void this.#mirror.load(), onReached }),
      environment.page.subscribe((event) => this.#onPage(event)),
    );
    manager.start();
    void this.pages.loadMore();
    this.heldForAll.want();
    box.sender.open();
  }

  stop(): void {
    const { manager, box, running, changes, streams, tabs, localStore } = this.parts;
    this.#isStopped = true;
    this.#restored.shut();
    this.bootWatch.stop();
    this.heldForAll.close();
    for (const end of this.#endings.splice(0)) end();
    manager.stop();
    box.sender.close();
    running.close();
    changes.close();
    streams.close();
    tabs.close();
    localStore.close();
  }

  /** Until what is stored has been read; resolves with whether it was, before the device was stopped. */
  get restoring(): Promise<boolean> | null {
    return this.#restored.opening;
  }

  /** The server has answered, this tab or another: what could not be had before can be now. */
  reached(): void {
    const { box, views } = this.parts;
    this.#takenOver.askWhatIsOpen();
    box.sender.signedIn();
    // What was refused here may have been sent again, or given up, by a tab that can't tell; a store that failed may answer now.
    if (box.isInDoubt() || box.entries.some(({ state }) => state === "rejected")) void this.#mirror.load();
    this.#refused.look();
    views.retryCurrent();
  }

  /** The store has answered late. */
  async readAgain(): Promise<void> {
    await this.#restored.opening;
    if (!this.#isStopped) await this.#mirror.load();
  }

  #onPage(event: PageEvent): void {
    const { tabs, box } = this.parts;
    if (event === "hide" || event === "suspend") this.heldForAll.letGo();
    if (event === "suspend") tabs.close();
    if (event === "resume") {
      tabs.open();
      void this.#mirror.catchUp();
    }
    if (!isReturn(event)) return;
    this.heldForAll.want();
    box.sender.sendNow();
    // Windows are clicked into all day long.
    if (event !== "focus") void this.bootWatch.doubt();
  }
}
