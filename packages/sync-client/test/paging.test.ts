/** The list while it is paged in, before the first full sync. */
import { describe, expect, it } from "vitest";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { full, idOf, row, tick } from "./scripted-server.ts";
import { summary } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice } from "./whole-device.ts";

const A = idOf("a");

/** A device on its first visit, whose server lists two conversations on a page each. */
function newDevice() {
  const whole = wholeDevice();
  whole.transport.answers.list = ({ cursor }: { cursor: string | null }) => ({
    conversations: [cursor === null ? summary("a", 10) : summary("z", 1)],
    next_cursor: cursor === null ? "2" : null,
    total_count: 2,
    server_time: tick(100),
  });
  return whole;
}

describe("paging the list", () => {
  it("[DEV-7] shows the first page before the full sync is there, more where asked, and keeps them through it", async () => {
    const { device, transport } = newDevice();
    await device.start();
    await settle();
    expect(device.conversations.list()).toEqual([A]);
    expect(await device.loadMoreConversations()).toEqual({ hasMore: false });
    expect(device.conversations.list()).toEqual([A, idOf("z")]);
    await transport.last.answer(full(100, [row("a", 10), row("b", 20), row("z", 1)]));
    expect(device.conversations.list()).toEqual([idOf("b"), A, idOf("z")]);
    expect(device.conversations.unreadConversations()).toBe(0);
    device.stop();
  });

  it("asks for each page once, however often it is wanted, and for none after the last", async () => {
    const { device, transport } = newDevice();
    await device.start();
    await Promise.all([device.loadMoreConversations(), device.loadMoreConversations()]);
    await device.loadMoreConversations();
    expect(await device.loadMoreConversations()).toEqual({ hasMore: false });
    expect(transport.named("list").map(([page]) => (page as { cursor: string | null }).cursor)).toEqual([null, "2"]);
    device.stop();
  });

  it("[DEV-8] what a page brought and the full sync lacks is newer or deleted: another full sync tells", async () => {
    const { device, transport } = newDevice();
    await device.start();
    device.actions.createDraft();
    await device.loadMoreConversations();
    await transport.last.answer(full(100, [row("b", 20)]));
    expect(transport.last.question).toMatchObject({ since: null, etag: null });
    await transport.last.answer(full(100, [row("b", 20)]));
    expect(device.conversations.list()).toEqual([idOf("b")]);
    device.stop();
  });

  it("[DEV-8] a page that comes after the full sync brings nothing back", async () => {
    const { device, transport } = newDevice();
    let answer: (value: unknown) => void = () => {};
    transport.answers.list = () => new Promise((resolve) => (answer = resolve));
    await device.start();
    await transport.last.answer(full(100, [row("b", 20)]));
    answer({ conversations: [summary("a", 10)], next_cursor: "2", total_count: 2, server_time: tick(99) });
    await settle();
    expect(device.conversations.list()).toEqual([idOf("b")]);
    device.stop();
  });

  it("asks for no page where the list is stored on the device", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    await settle();
    first.device.stop();
    const { device, transport } = wholeDevice({ localStore });
    await device.start();
    expect(await device.loadMoreConversations()).toEqual({ hasMore: false });
    expect(transport.named("list")).toEqual([]);
    device.stop();
  });
});
