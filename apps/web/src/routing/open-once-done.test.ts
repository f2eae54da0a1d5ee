/** Going back to what is restored, however long that takes. */
import { fireEvent } from "@testing-library/preact";
import { beforeEach, expect, test } from "vitest";
import { failure } from "../sync/device.ts";
import { openOnceDone } from "./open-once-done.ts";
import { conversationPath } from "./route.ts";

const ID = "00000000-0000-4000-8000-000000000001";

beforeEach(() => history.replaceState(null, "", "/"));

async function openedAfter(meanwhile: () => void, outcome: object = {}): Promise<string[]> {
  const paths: string[] = [];
  const restored = Promise.withResolvers<object>();
  const done = openOnceDone(restored.promise, ID, (path) => void paths.push(path));
  meanwhile();
  restored.resolve(outcome);
  await done;
  return paths;
}

test("what is restored is opened once it is there, and what could not be is not", async () => {
  expect(await openedAfter(() => undefined)).toEqual([conversationPath(ID)]);
  expect(await openedAfter(() => undefined, failure("unreachable", ""))).toEqual([]);
});

test("who has gone elsewhere meanwhile stays there, and who has begun to write goes on writing", async () => {
  expect(await openedAfter(() => void fireEvent.input(document.body))).toEqual([]);
  expect(await openedAfter(() => history.replaceState(null, "", "/trash"))).toEqual([]);
});
