/** The form in which a model takes its question: the richest first, and a plainer one for every refusal of it [MODEL-3]. */
import type { ModelMessage } from "./model.ts";

export interface RequestForm {
  /** Asks for the count of tokens: `stream_options`. */
  readonly hasUsage: boolean;
  readonly isStreamed: boolean;
  /** Whether instructions have a role of their own, or stand in the user's first message. */
  readonly hasSystemRole: boolean;
  /** Whether a model may be shown a conversation whose beginning, with the model's own words, is all that is left of it. */
  readonly mayBeginWithReply: boolean;
  /** Only where the endpoint insists on a limit, by the name that it knows. */
  readonly limitName: "max_tokens" | "max_completion_tokens" | null;
}

/** What is tried with a model that nothing is known about. */
export const FULL_FORM: RequestForm = {
  hasUsage: true,
  isStreamed: true,
  hasSystemRole: true,
  mayBeginWithReply: true,
  limitName: null,
};

/** Every model that insists on a limit takes this one. */
const REPLY_LIMIT_TOKENS = 4096;
/** Stands before a reply whose question is not shown any more. */
const EARLIER = "(The beginning of this conversation is left out.)";
/** Statuses that say that the question is not liked; llama.cpp answers 500 where its template fails. */
const REFUSING = new Set([400, 405, 409, 413, 415, 422, 500, 501]);

/** What is sent to `POST …/chat/completions`. */
export interface RequestBody {
  readonly model: string;
  readonly messages: readonly ModelMessage[];
  readonly stream: boolean;
}

/** The body of `POST …/chat/completions` in that form. Neighbours of one role are always one message: many templates take no other. */
export function requestBody(form: RequestForm, model: string, messages: readonly ModelMessage[]): RequestBody {
  return {
    model,
    messages: joinNeighbours(withBeginning(form, withSystem(form, messages))),
    stream: form.isStreamed,
    ...(form.hasUsage && form.isStreamed && { stream_options: { include_usage: true } }),
    ...(form.limitName !== null && { [form.limitName]: REPLY_LIMIT_TOKENS }),
  };
}

interface FormRefusal {
  readonly status: number;
  readonly body: string;
}

/** The forms to try after a refusal, the likeliest first; none where the refusal is about something that can't be left out. */
export function plainerForms(form: RequestForm, refusal: FormRefusal): readonly RequestForm[] {
  if (!REFUSING.has(refusal.status)) return [];
  const words = refusal.body.toLowerCase();
  const limitName = limitNameAfter(form, words);
  const isOfRoles = /\broles?\b|alternat|consecutive|jinja|template|raise_exception/.test(words);
  const isOfFirst = /(?:first|begin|start).{0,40}user|user.{0,40}(?:first|begin|start)/.test(words);
  const steps: readonly (readonly [boolean, Partial<RequestForm>])[] = [
    [/stream[_ -]?options|include[_ -]?usage/.test(words), { hasUsage: false }],
    [limitName !== form.limitName, { limitName }],
    [NO_STREAM.test(words), { isStreamed: false }],
    [isOfRoles || isOfFirst, { mayBeginWithReply: false }],
    [isOfRoles || /system|developer/.test(words), { hasSystemRole: false }],
    [UNKNOWN_MEMBER.test(words), { hasUsage: false }],
  ];
  return steps.filter(([isMeant]) => isMeant).map(([, change]) => ({ ...form, ...change }));
}

/** Whether the form was surely what was refused: these statuses also come of what passes by itself, and then name nothing of the form. */
export function isAboutForm({ status, body }: FormRefusal): boolean {
  return !MAY_PASS.has(status) || NAMES_FORM.test(body.toLowerCase());
}

const MAY_PASS = new Set([409, 500]);
const NAMES_FORM =
  /stream[_ -]?options|\bstream(?:ing)? (?:is |mode )?(?:not |un)supported|n(?:o|['’])t support stream(?:ing)?\b|include[_ -]?usage|max_(?:completion_)?tokens|["'`]stream["'`]|\broles?\b|jinja|template|raise_exception|(?:system|developer)[ "'`_-]{1,3}(?:prompt|message|instruction)/;
const NO_STREAM =
  /["'`]stream["'`]|\bstream(?:ing)? (?:is |mode )?(?:not|un)[ -]?(?:supported|available|allowed)|n(?:o|['’])t support stream(?:ing)?\b/;
const UNKNOWN_MEMBER =
  /(?:extra|additional|unknown|unrecogni[sz]ed|unsupported|unexpected|invalid)[ _-]?(?:request |json )?(?:inputs?|propert\w|fields?|param|arguments?|options?|keys?)|(?:fields?|param\w{0,20}|arguments?|options?) .{0,40}(?:not (?:supported|permitted|allowed|recogni[sz]ed)|unsupported|unknown)/;

const NEEDED = /required|missing|must be (?:set|specified|provided)/;

function limitNameAfter({ limitName }: RequestForm, words: string): RequestForm["limitName"] {
  const isAbout = /max_(?:completion_)?tokens/.test(words);
  if (!isAbout) return limitName;
  if (limitName === null) return NEEDED.test(words) ? "max_tokens" : null;
  return /unsupported|not supported|unknown|use ["'`]?max_completion_tokens/.test(words)
    ? "max_completion_tokens"
    : limitName;
}

function withSystem(form: RequestForm, messages: readonly ModelMessage[]): readonly ModelMessage[] {
  if (form.hasSystemRole) return messages;
  return messages.map((message) => (message.role === "system" ? { ...message, role: "user" } : message));
}

function withBeginning(form: RequestForm, messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const at = messages.findIndex(({ role }) => role !== "system");
  if (form.mayBeginWithReply || messages[at]?.role !== "assistant") return messages;
  return [...messages.slice(0, at), { role: "user", content: EARLIER }, ...messages.slice(at)];
}

function joinNeighbours(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const joined: ModelMessage[] = [];
  for (const { role, content } of messages) {
    const last = joined.at(-1);
    if (last?.role === role) joined[joined.length - 1] = { role, content: `${last.content}\n\n${content}` };
    else joined.push({ role, content });
  }
  return joined;
}
