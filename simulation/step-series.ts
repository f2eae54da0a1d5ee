/** Steps that make sense one after the other. */
import type { Random } from "./random.ts";
import { conversation, find, script, tab } from "./step-parts.ts";
import type { ApiChange, CallKind, Step } from "./step.ts";

/** A person who doesn't wait: what they left behind answers late. */
export function hasty(random: Random): Step[] {
  const at = { tab: tab(random) };
  const device = random.below(4);
  const short: Step = { do: "wait", ms: random.pick([1, 5, 50, 400]) };
  const open = (): Step => ({ do: "open", ...at, conversation: conversation(random) });
  const late = (call: CallKind): Step => {
    return {
      do: "fault",
      device,
      call,
      kind: "answer-late",
      times: 1 + random.below(2),
      ms: random.pick([100, 1500, 12_000]),
    };
  };
  const draft: Step = { do: "draft", ...at, script: script(random), batch: random.chance(0.2) };
  const reopen: Step = { do: "page", ...at, page: random.pick(["reopen", "reopen", "kill"]) };
  return random.weighted<Step[]>([
    // A new chat, and the page is loaded again before the server has made it.
    [2, [draft, reopen, short, { do: "new-tab", device, conversation: conversation(random) }]],
    [1, [{ do: "offline", device }, draft, short, reopen, short, { do: "online", device }]],
    [2, [late("messages"), open(), short, { do: "load-older", ...at }, open(), short, open()]],
    [
      2,
      [
        late("open"),
        open(),
        short,
        open(),
        { do: "send", ...at, script: script(random), conversation: conversation(random), batch: false },
      ],
    ],
    [1, [late("list"), reopen, { do: "load-more", ...at }, open(), short, { do: "load-more", ...at }]],
    [1, [{ do: "import", conversations: 1, messages: 160 }, short, find(random), short, { do: "load-later", ...at }]],
    [1, [late("messages"), find(random), short, { ...find(random), ...at }, short, { do: "load-newer", ...at }]],
    [1, [late("messages"), { do: "load-newer", ...at }, short, { do: "edit", ...at, back: 0, script: script(random) }]],
  ]);
}

/** Something is replaced, perhaps more is written elsewhere, and then it is wanted back [MSG-5]. */
export function swaps(random: Random): Step[] {
  const at = { tab: tab(random) };
  const place = conversation(random);
  const wait = (...ms: readonly number[]): Step => ({ do: "wait", ms: random.pick(ms) });
  const send: Step = { do: "send", ...at, script: script(random), conversation: place, batch: random.chance(0.2) };
  const anew = (): Step =>
    random.chance(0.5)
      ? { do: "edit", ...at, back: random.below(3), script: script(random) }
      : { do: "ask-again", ...at, back: random.below(3) };
  const elsewhere: Step = random.chance(0.5)
    ? { do: "api", conversation: place, change: random.pick<ApiChange>(["bring-back", "replace", "ask-again"]) }
    : { do: "api-send", conversation: place, script: script(random) };
  const back = (): Step =>
    random.chance(0.5)
      ? { do: "undo", ...at }
      : { do: "bring-back", ...at, back: random.below(3), version: random.below(3) };
  return [
    send,
    wait(20_000, 70_000),
    anew(),
    wait(5, 400, 20_000, 70_000),
    ...(random.chance(0.4) ? [elsewhere, wait(1, 400, 20_000, 70_000)] : []),
    ...(random.chance(0.3) ? [anew(), wait(400, 70_000)] : []),
    back(),
    ...(random.chance(0.4) ? [wait(1, 20_000), back()] : []),
  ];
}
