/** Whether what came on the tabs' channel is something that this version understands [DEV-14]. Pure. */
import { isChange } from "../outbox/is-outgoing.ts";
import { fits, isBoolean, isCount, isObject, isText, type MemberShape } from "../shape.ts";
import { SHAPES as ANSWERS } from "../transport/answer-shapes.ts";
import type { TabMessage } from "./tabs.ts";

const TURN_EVENT: MemberShape = { id: isCount, event: isText, data: isObject };
const isTurnEvents = (value: unknown): boolean =>
  Array.isArray(value) && value.every((event) => fits(event, TURN_EVENT));

const POSITION: MemberShape = { serverTime: isText, epoch: isText };
const ANSWERED: MemberShape = {
  response: (value) => fits(value, ANSWERS.sync),
  since: (value) => value === null || isText(value),
};
const MOMENT: MemberShape = { epoch: (value) => value === null || isText(value), time: isText };

const SHAPES: Readonly<Record<TabMessage["kind"], MemberShape>> = {
  answered: { answered: (value) => fits(value, ANSWERED) },
  moved: POSITION,
  seen: { id: isText, baseline: (value) => fits(value, { seq: isCount }) },
  change: { operationId: isText, id: isText, change: isChange },
  settled: { operationId: isText, asOf: (value) => fits(value, MOMENT) },
  refused: { operationId: isText },
  outbox: {},
  holding: { tab: isText, isOwner: isBoolean },
  "reply-wanted": { replyId: isText, after: isCount },
  "reply-events": { replyId: isText, tab: isText, after: isCount, events: isTurnEvents },
  "reply-left": { replyId: isText },
  "signed-in": {},
};

/** Another version's tab may say anything; what is not understood is no loss, since all of it is a hint. */
export function isTabMessage(message: unknown): message is TabMessage {
  const kind = isObject(message) ? message["kind"] : undefined;
  return typeof kind === "string" && Object.hasOwn(SHAPES, kind) && fits(message, SHAPES[kind as TabMessage["kind"]]);
}
