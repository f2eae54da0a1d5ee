/** The last page of whatever pages says so, also where it is exactly full. */
import { expect, test } from "vitest";
import { ask, conversationWith, micros } from "./sync-world.ts";
import { must, openWorld } from "./turn-world.ts";

const COUNT = 4;

test("[SYNC-4, LIST-1, MSG-5] a page that has exactly as many as there are is the last one, and one with less is not", async () => {
  const world = await openWorld();
  const { engine, accountId } = world;
  const since = micros((await ask(world)).server_time);
  await engine.erase(accountId, world.conversationId);
  for (let n = 0; n < COUNT; n += 1) {
    const id = await conversationWith(world, 1);
    must(await engine.patch(accountId, id, { title: "lighthouse" }));
    await engine.trash(accountId, await conversationWith(world, 0));
  }
  const cursorOf = async (answer: Promise<{ readonly next_cursor: string | null }>) => (await answer).next_cursor;
  const pages = {
    list: async (limit: number) =>
      cursorOf(engine.list(accountId, { limit, cursor: null, archived: false }).then(must)),
    trash: async (limit: number) => cursorOf(engine.trashList(accountId, { limit, cursor: null }).then(must)),
    search: async (limit: number) =>
      cursorOf(engine.search(accountId, { limit, cursor: null, query: "lighthouse" }).then(must)),
    full: async (limit: number) => (await ask(world, { limit })).next_page,
  };
  for (const [name, next] of Object.entries(pages)) {
    expect({ name, next: await next(COUNT) }).toEqual({ name, next: null });
    expect({ name, next: await next(COUNT - 1) }).toEqual({ name, next: expect.any(String) });
  }
  // The conversations that live, those in the trash, and the one that was erased.
  const all = 2 * COUNT + 1;
  const { server_time } = await ask(world);
  expect(await ask(world, { since, limit: all })).toMatchObject({ has_more: false, server_time });
  expect(await ask(world, { since, limit: all - 1 })).toMatchObject({ has_more: true });
});
