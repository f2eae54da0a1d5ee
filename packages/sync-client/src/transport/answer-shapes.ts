/** What the server's answers have at the least. JSON without it is somebody else's, such as a gateway's or a hotel's [DEV-14]. */
import { fits, isCount, isObject, isText, type MemberShape } from "../shape.ts";

const isCountOrLeftOut = (value: unknown): boolean => value === undefined || isCount(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const listOf =
  (shape: MemberShape) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every((each) => fits(each, shape));

/** Of a row, a server may leave out what has not changed. */
const ROW: MemberShape = { id: isText, message_count: isCountOrLeftOut, last_seq: isCountOrLeftOut };
const MESSAGE: MemberShape = { id: isText, seq: isCount, content: isText };
const PAGINATION: MemberShape = { total_count: isCount };
const SYNC_SETTINGS: MemberShape = { poll_interval_ms: isCount, full_sync_threshold_ms: isCount, max_wait_s: isCount };

/** A page of messages, with or without its conversation. */
const PAGE: MemberShape = {
  messages: listOf(MESSAGE),
  message_pagination: (value) => fits(value, PAGINATION),
};

/** By what is answered. */
export const SHAPES = {
  sync: { server_time: isText, epoch: isText, conversations: listOf(ROW), deleted_ids: isTexts },
  config: {
    sync: (value) => fits(value, SYNC_SETTINGS),
    models: listOf({ id: isText }),
    auth: isObject,
  },
  me: { id: isText, preferences: (value) => fits(value, { unread_scope: isText }) },
  row: ROW,
  rows: { conversations: listOf(ROW) },
  conversation: { ...ROW, ...PAGE },
  page: PAGE,
  versions: { versions: listOf({ version_id: isText, messages: listOf(MESSAGE) }) },
  status: { status: isText },
  count: { count: isCount },
  results: { results: listOf({ conversation_id: isText }) },
  turn: { user_message: (value) => fits(value, MESSAGE), message: (value) => fits(value, MESSAGE) },
} as const satisfies Record<string, MemberShape>;
