/** What waits for the others of its batch: let go of with the device, and sent by nobody then [DEV-2]. */
import { expect, it } from "vitest";
import { idOf } from "../../test/scripted-server.ts";
import { settle, VirtualEnvironment } from "../../test/virtual-environment.ts";
import { isFailure } from "../failure.ts";
import { SentTogether } from "./sent-together.ts";

const CHANGE = {
  kind: "change",
  order: 1,
  state: "waiting",
  change: { key: "pinned", value: true },
  batch: "b",
} as const;

it("[DEV-2] ends as given up, with no timer and no call left", async () => {
  const environment = new VirtualEnvironment();
  const called: unknown[] = [];
  const act = async (actions: unknown) => {
    called.push(actions);
    return { conversations: [], deleted_ids: [], missing_ids: [] };
  };
  const together = new SentTogether({ transport: { act }, environment, leftOf: () => 3 });
  const answers = ["a", "b"].map((name) => together.send({ ...CHANGE, id: name, conversationId: idOf(name) }, "pin"));
  await settle();
  expect(environment.timerCount).toBe(1);
  together.close();
  for (const answer of await Promise.all(answers)) expect(isFailure(answer) && answer.failed).toBe("aborted");
  await environment.advance(1000);
  expect([environment.timerCount, called]).toEqual([0, []]);
});
