/** Does the steps: to the world, to machines and to pages; people and other programs have files of their own. */
import { comeToRest } from "./come-to-rest.ts";
import { performApiStep } from "./api-client.ts";
import { NEIGHBOURS_STEPS } from "./apart.ts";
import { performTabStep } from "./person.ts";
import { reopen } from "./reopen.ts";
import type { ApiStep, DeviceStep, PageStep, Step, TabStep, WorldStep } from "./step.ts";
import type { Tab } from "./tab.ts";
import type { World } from "./world.ts";

const DAY_MS = 86_400_000;
const MAX_TABS = 3;

/** Performs one step of the schedule; `index` makes its texts unlike those of any other. */
export async function perform(world: World, step: Step, index: number): Promise<void> {
  if (step.do === "neighbour") {
    if (world.neighbour) await perform(world.neighbour, step.step, NEIGHBOURS_STEPS + index);
    return;
  }
  if ("tab" in step) performOnTab(world, step, index);
  else if ("device" in step) performOnDevice(world, step);
  else if (isApiStep(step)) await world.time.until(performApiStep(world, step, index));
  else await performOnWorld(world, step);
  await world.time.settle();
}

function isApiStep(step: WorldStep | ApiStep): step is ApiStep {
  return ["import", "stranger", "trespass", "api", "api-send"].includes(step.do);
}

async function performOnWorld(world: World, step: WorldStep): Promise<void> {
  const { server, time } = world;
  switch (step.do) {
    case "wait":
      return time.run(step.ms);
    case "quiet":
      return comeToRest(world);
    case "sleep":
      return sleep(world, step.days);
    case "sweep":
      return server.isUp ? time.until(server.api.engine.sweep()) : undefined;
    case "backup":
      return server.isUp ? server.backup() : undefined;
    case "server-clock":
      server.clockErrorMs += step.stepMs;
      return undefined;
    case "config":
      return time.until(world.reconfigure(step));
    case "server":
      return serverGoes(world, step);
  }
}

/** The lid is closed everywhere: nothing runs, and then everything is late. */
async function sleep(world: World, days: number): Promise<void> {
  const all = world.residents();
  const awake = all.flatMap((resident) => resident.tabs()).filter(({ page }) => !page.isFrozen);
  for (const { page } of awake) page.freeze();
  for (const browser of all.flatMap(({ browsers }) => browsers)) browser.link.cut();
  await world.time.jump(days * DAY_MS);
  if (world.server.isUp) await world.time.until(world.server.api.engine.sweep());
  for (const { page } of awake) page.thaw();
}

async function serverGoes(world: World, step: WorldStep & { readonly do: "server" }): Promise<void> {
  const { server, time } = world;
  if (step.server === "restore-backup") return time.until(world.rewind());
  if (!server.isUp) return;
  if (step.server === "crash") server.crash();
  else await time.until(server.stop());
  time.after(step.downMs, () => {
    if (!server.isUp) void server.start();
  });
}

function performOnDevice(world: World, step: DeviceStep): void {
  const browser = world.browsers[step.device % Math.max(1, world.browsers.length)];
  if (!browser) return;
  switch (step.do) {
    case "offline":
      return browser.goOffline();
    case "online":
      return browser.goOnline();
    case "session-ends":
      return browser.link.endSession();
    case "session-begins":
      return browser.beginSession();
    case "device-clock":
      browser.machine.clockErrorMs += step.stepMs;
      for (const { page } of browser.tabs) page.hiddenAt = null;
      return;
    case "disk":
      return browser.storeBecomes(step.disk);
    case "fault":
      return browser.link.arm(step);
    case "new-tab":
      if (browser.tabs.length < MAX_TABS) void browser.openTab(addressOf(world, step.conversation));
  }
}

function addressOf({ history }: World, conversation: number | undefined): string | null {
  const ids = [...history.live().keys()];
  return conversation === undefined ? null : (ids[conversation % Math.max(1, ids.length)] ?? null);
}

function performOnTab(world: World, step: TabStep, index: number): void {
  const tabs = world.tabs();
  const tab = tabs[step.tab % Math.max(1, tabs.length)];
  if (!tab) return;
  if (step.do === "page") pageGoes(world, tab, step.page);
  else if (step.do === "store") tab.store.become(step.store);
  else if (!tab.page.isFrozen && tab.page.isVisible) {
    tab.page.deliver(() => performTabStep({ world, tab, index }, step));
  }
}

function pageGoes(world: World, tab: Tab, step: PageStep): void {
  const { page } = tab;
  switch (step) {
    case "hide":
      return page.hide();
    case "show":
      page.thaw();
      return tab.show();
    case "focus":
      if (page.isVisible) page.deliver(() => page.tell("focus"));
      return;
    case "freeze":
      page.hide();
      return page.freeze();
    case "cache":
      // Kept for back and forward: the document stays as it was, and so does its visibility.
      return page.freeze();
    case "thaw":
    case "return":
      return page.thaw();
    case "kill":
    case "reopen":
      return reopen(world, tab, step);
  }
}
