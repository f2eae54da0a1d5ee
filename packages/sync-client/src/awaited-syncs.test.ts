import { describe, expect, it } from "vitest";
import { settle } from "../test/virtual-environment.ts";
import { AwaitedSyncs } from "./awaited-syncs.ts";

function waitIn(syncs: AwaitedSyncs, ended: string[]): (name: string, isFull: boolean) => void {
  return (name, isFull) => void syncs.wait(isFull).then(() => ended.push(name));
}

describe("who waits for a sync", () => {
  it("[DEV-1] is served by one that begins afterwards, and a full one only by a full one", async () => {
    const [syncs, ended] = [new AwaitedSyncs(), [] as string[]];
    const wait = waitIn(syncs, ended);
    wait("any", false);
    wait("full", true);
    const endFirst = syncs.begin(false);
    wait("late", false);
    await settle();
    expect(ended).toEqual([]);
    endFirst();
    await settle();
    expect(ended).toEqual(["any"]);
    syncs.begin(true)();
    await settle();
    expect(ended).toEqual(["any", "full", "late"]);
  });

  it("[DEV-1] isn't told of an end before the one that serves it, which may begin within that", async () => {
    const [syncs, ended] = [new AwaitedSyncs(), [] as string[]];
    const wait = waitIn(syncs, ended);
    wait("first", false);
    const endFirst = syncs.begin(false);
    wait("second", false);
    syncs.begin(false);
    endFirst();
    await settle();
    expect(ended).toEqual(["first"]);
    syncs.endAll();
    await settle();
    expect(ended).toEqual(["first", "second"]);
  });

  it("[DEV-2] waits no longer once none is to come, neither for the one in flight nor for a later one", async () => {
    const [syncs, ended] = [new AwaitedSyncs(), [] as string[]];
    const wait = waitIn(syncs, ended);
    wait("running", false);
    const end = syncs.begin(false);
    wait("wanted", true);
    syncs.endAll();
    await settle();
    expect(ended).toEqual(["running", "wanted"]);
    end();
    syncs.begin(true)();
    await settle();
    expect(ended).toEqual(["running", "wanted"]);
  });
});
