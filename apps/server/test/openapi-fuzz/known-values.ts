/** What answers have told: ids, cursors and times, so that requests name what is there. */

export interface KnownValues {
  /** Takes in what an answer has, of that conversation where it is of one. */
  learn(value: unknown, conversation?: string): void;
  /** One that the parameter may mean, by its place among them, of that conversation if any is; a text of its kind where none was told. */
  pick(name: string, place: number, conversation?: string): string;
}

const MOST_OF_A_KIND = 24;

/** Which member of an answer fills which parameters. */
const KIND_BY_MEMBER: Readonly<Record<string, string>> = {
  conversation_id: "conversation",
  reply_id: "reply",
  active_reply_id: "reply",
  version_id: "version",
  next_cursor: "cursor",
  older_cursor: "cursor",
  newer_cursor: "cursor",
  next_page: "page",
  server_time: "time",
  updated_at: "time",
  epoch: "epoch",
  seq: "seq",
  last_seq: "seq",
};

const KIND_BY_PARAMETER: Readonly<Record<string, readonly string[]>> = {
  id: ["conversation"],
  reply_id: ["reply"],
  version_id: ["version"],
  session_id: ["session"],
  token_id: ["token"],
  passkey_id: ["passkey"],
  seq: ["seq"],
  since: ["time"],
  epoch: ["epoch"],
  page: ["page"],
  cursor: ["cursor"],
  before: ["cursor", "seq"],
  after: ["cursor", "seq"],
  around: ["seq"],
  after_seq: ["seq"],
};

const PLAIN: Readonly<Record<string, readonly string[]>> = {
  wait: ["0", "0", "0", "1"],
  limit: ["1", "2", "1000", "5000"],
  message_limit: ["1", "50", "200"],
  full: ["true", "false", "1"],
  archived: ["true", "false"],
  permanent: ["true", "false"],
  others: ["true"],
  q: ["marmalade", '"a phrase"', "m", "日本"],
};

export function createKnownValues(): KnownValues {
  const byKind = new Map<string, string[]>();

  function add(kind: string, value: unknown): void {
    if (typeof value !== "string" && typeof value !== "number") return;
    const values = byKind.get(kind) ?? [];
    if (values.includes(String(value))) return;
    byKind.set(kind, [String(value), ...values].slice(0, MOST_OF_A_KIND));
  }

  function learn(value: unknown, conversation?: string): void {
    if (Array.isArray(value)) return value.forEach((item) => learn(item, conversation));
    if (typeof value !== "object" || value === null) return;
    if ("id" in value && "message_count" in value && "title" in value) add("conversation", value.id);
    if ("id" in value && "is_current" in value) add("session", value.id);
    if ("id" in value && "host" in value) add("passkey", value.id);
    if ("id" in value && "token" in value) add("token", value.id);
    for (const [name, member] of Object.entries(value)) {
      const kind = KIND_BY_MEMBER[name];
      if (kind !== undefined) add(kind, member);
      if (kind !== undefined && conversation !== undefined) add(`${kind} of ${conversation}`, member);
      if (name === "role" && member === "assistant" && "id" in value) add(`reply of ${conversation}`, value.id);
      learn(member, conversation);
    }
  }

  return {
    learn,
    pick(name, place, conversation) {
      const kinds = KIND_BY_PARAMETER[name] ?? [...byKind.keys()];
      const all = (suffix: string) => kinds.flatMap((kind) => byKind.get(`${kind}${suffix}`) ?? []);
      const own = conversation === undefined ? [] : all(` of ${conversation}`);
      const values = PLAIN[name] ?? (own.length > 0 ? own : all(""));
      return values[place % Math.max(1, values.length)] ?? "00000000-0000-4000-8000-000000000009";
    },
  };
}
