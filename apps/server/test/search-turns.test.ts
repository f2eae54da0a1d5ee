/** Many search at once on a server that looks up one after the other: each account has its turn [SYNC-9] [SAFE-2]. */
import type { ConversationSummary, SearchAnswer } from "@instep/protocol";
import { expect, it } from "vitest";
import { signUp, startForPeople } from "./people.ts";

const MANY = 60;
/** What takes a while to look through. */
const LONG = "apple ".repeat(30_000);

it("[SYNC-9] [SAFE-2] a search waits for no crowd of another account's, and each of those is answered", async () => {
  const app = await startForPeople();
  const [ada, bo] = [await signUp(app.url, "ada"), await signUp(app.url, "bo")];
  await bo.call("/api/conversations", { body: { title: "Apple cake" } });
  const { body: long } = await ada.call<ConversationSummary>("/api/conversations", { body: {} });
  for (const number of [1, 2, 3]) {
    const body = { message: LONG, client_message_id: `message-${number}` };
    await ada.call(`/api/conversations/${long.id}/chat/batch`, { body });
  }
  const order: string[] = [];
  const search = async (by: typeof ada, name: string): Promise<number> => {
    const { status } = await by.call<SearchAnswer>("/api/search?q=apple");
    order.push(name);
    return status;
  };
  const crowd = Array.from({ length: MANY }, () => search(ada, "ada"));
  expect(await search(bo, "bo")).toBe(200);
  expect(order.indexOf("bo")).toBeLessThan(MANY / 2);
  expect(new Set(await Promise.all(crowd))).toEqual(new Set([200]));
  await app.stop();
});
