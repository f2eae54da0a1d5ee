/** How often a hidden tab asks whether its reply has ended, in virtual time. */
import { expect, it } from "vitest";
import { idOf } from "../../test/scripted-server.ts";
import { ScriptedTransport } from "../../test/scripted-transport.ts";
import { VirtualEnvironment } from "../../test/virtual-environment.ts";
import { failure } from "../failure.ts";
import { HiddenWatch } from "./hidden-watch.ts";
import { OneWait } from "./one-wait.ts";
import { ReplyLog } from "./reply-log.ts";

it("[LIMIT-1] asks no sooner than the server wants it to, and after its own time once it says nothing of that", async () => {
  const environment = new VirtualEnvironment();
  const transport = new ScriptedTransport();
  const log = new ReplyLog({ conversationId: idOf("a"), replyId: null, after: 0 });
  const wait = new OneWait(environment);
  const watch: HiddenWatch = new HiddenWatch({ transport, log, wait, onAnswer: () => watch.checkLater() });
  let retryAfterMs: number | null = 60_000;
  transport.answers.open = () => ({ ...failure("too_many_requests", "Later."), status: 429, retryAfterMs });
  watch.begin();
  const asked = async (ms: number): Promise<number> => {
    await environment.advance(ms);
    return transport.named("open").length;
  };
  expect([await asked(2000), await asked(59_999), await asked(1)]).toEqual([1, 1, 2]);
  retryAfterMs = null;
  expect([await asked(60_000), await asked(15_000)]).toEqual([3, 4]);
  wait.clear();
});
