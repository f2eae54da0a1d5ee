/** The list while it is paged in, before the first full sync. */
import { describe, expect, it } from "vitest";
import { full, idOf, row, tick } from "./scripted-server.ts";
import { summary } from "./scripted-transport.ts";
import { wholeDevice } from "./whole-device.ts";

const A = idOf("a");

describe("paging the list", () => {
  it("[DEV-7] shows pages before the first full sync, and keeps them through it", async () => {
    const { device, transport } = wholeDevice();
    await device.start();
    const list = { conversations: [summary("a", 10)], next_cursor: "2", total_count: 2, server_time: tick(100) };
    transport.answers.list = () => list;
    expect(await device.loadMoreConversations()).toEqual({ hasMore: true });
    expect(device.conversations.list()).toEqual([A]);
    await transport.last.answer(full(100, [row("a", 10), row("b", 20)]));
    expect(device.conversations.list()).toEqual([idOf("b"), A]);
    expect(device.conversations.unreadConversations()).toBe(0);
    expect(await device.loadMoreConversations()).toEqual({ hasMore: false });
    device.stop();
  });
});
