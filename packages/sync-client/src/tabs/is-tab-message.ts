/** Whether what came on the tabs' channel is something that this version understands [DEV-14]. Pure. */
import type { TabMessage } from "./tabs.ts";

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown): boolean => typeof value === "string";
const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isCountOrLeftOut = (value: unknown): boolean => value === undefined || isCount(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isRows = (value: unknown): boolean => Array.isArray(value) && value.every((row) => fits(row, ROW));

const TURN_EVENT: Shape = { id: isCount, event: isText, data: isRecord };
const isTurnEvents = (value: unknown): boolean =>
  Array.isArray(value) && value.every((event) => fits(event, TURN_EVENT));

const POSITION: Shape = { serverTime: isText, epoch: isText };
/** Of a row, a server may leave out what has not changed. */
const ROW: Shape = { id: isText, message_count: isCountOrLeftOut, last_seq: isCountOrLeftOut };
const RESPONSE: Shape = { server_time: isText, epoch: isText, conversations: isRows, deleted_ids: isTexts };
const ANSWERED: Shape = {
  response: (value) => fits(value, RESPONSE),
  since: (value) => value === null || isText(value),
};
const MOMENT: Shape = { epoch: (value) => value === null || isText(value), time: isText };
const CHANGE: Shape = { key: isText, value: (value) => value !== undefined };

const SHAPES: Readonly<Record<TabMessage["kind"], Shape>> = {
  answered: { answered: (value) => fits(value, ANSWERED) },
  moved: POSITION,
  seen: { id: isText, baseline: (value) => fits(value, { seq: isCount }) },
  change: { operationId: isText, id: isText, change: (value) => fits(value, CHANGE) },
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
  const kind = isRecord(message) ? message["kind"] : undefined;
  return typeof kind === "string" && Object.hasOwn(SHAPES, kind) && fits(message, SHAPES[kind as TabMessage["kind"]]);
}

function fits(value: unknown, shape: Shape): boolean {
  return isRecord(value) && Object.entries(shape).every(([name, isRight]) => isRight(value[name]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
