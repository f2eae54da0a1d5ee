/** From refusals and errors to `application/problem+json`: the one place that decides what a device learns of what went wrong. */
import { PROBLEMS } from "@instep/protocol/schemas";
import type { Problem, ProblemCode } from "@instep/protocol";
import type { Refusal } from "@instep/sync-server";
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { codeOf } from "./code-of.ts";
import { invalidBody } from "./body-fault.ts";

const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** A refusal as it travels. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Problem;
}

/** What an error means for the device; `isOurs` marks those that nobody expected, which belong into the log. */
export interface Translation {
  readonly refusal: Refusal;
  readonly isOurs: boolean;
}

/** Seconds after which a device may try again what was refused for now. */
const RETRY_AFTER_S: Partial<Record<ProblemCode, number>> = {
  too_many_replies: 5,
  unavailable: 5,
  provider_unreachable: 5,
};

/** What a program on its way out answers. */
export const STOPPING: Refusal = { refused: "unavailable", detail: "The server is stopping." };
const NOT_JSON: Refusal = { refused: "invalid_body", detail: "The body is not JSON." };

/** What a request can't be read for, by the codes of errors: Fastify's own, and one of ours. */
const UNREADABLE: Readonly<Record<string, Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { refused: "body_too_large" },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { refused: "unsupported_media_type", detail: "Send JSON, as application/json." },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    refused: "invalid_body",
    detail: "The body is not as long as Content-Length says.",
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { refused: "invalid_body", detail: "The body is empty." },
  FST_ERR_CTP_INVALID_JSON_BODY: NOT_JSON,
  TOO_MANY_PARTS: { refused: "invalid_body", detail: "The body has more parts than any call takes." },
  FST_ERR_BAD_URL: { refused: "not_found", detail: "The address can't be read." },
  FST_ERR_ASYNC_CONSTRAINT: { refused: "not_found" },
};

/** Writes a refusal in full, with the status that its code has unless another is given. */
export function problemOf(refusal: Refusal, status: number = PROBLEMS[refusal.refused].status): ProblemAnswer {
  const { title } = PROBLEMS[refusal.refused];
  const asked = refusal.members?.["retry_after_s"];
  const retryAfterS = typeof asked === "number" ? asked : RETRY_AFTER_S[refusal.refused];
  return {
    status,
    headers: {
      "content-type": PROBLEM_TYPE,
      ...(retryAfterS !== undefined && { "retry-after": String(retryAfterS) }),
    },
    body: {
      ...refusal.members,
      type: `urn:instep:problem:${refusal.refused}`,
      title,
      status,
      detail: refusal.detail ?? `${title}.`,
      code: refusal.refused,
    },
  };
}

/** Answers with a problem through the framework. */
export function sendProblem(reply: FastifyReply, refusal: Refusal, status?: number): FastifyReply {
  const answer = problemOf(refusal, status);
  return reply.code(answer.status).headers(answer.headers).send(JSON.stringify(answer.body));
}

/** Answers with a problem on the bare response, where the framework is not in between. */
export function writeProblem(response: ServerResponse, refusal: Refusal): void {
  const answer = problemOf(refusal);
  const body = JSON.stringify(answer.body);
  response.writeHead(answer.status, { ...answer.headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** Turns whatever was thrown into a refusal that says nothing about our insides. */
export function translateError(error: unknown): Translation {
  const code = codeOf(error);
  const { validation, statusCode } = describe(error);
  const known = code === null ? undefined : UNREADABLE[code];
  if (known !== undefined) return { refusal: known, isOurs: false };
  if (validation !== null) return { refusal: invalidBody(validation), isOurs: false };
  // It was erased after the request was let in.
  if (code === "NO_ACCOUNT") return { refusal: { refused: "unauthorized" }, isOurs: false };
  if (code !== null && isDatabaseTrouble(error)) {
    return {
      refusal: { refused: "unavailable", detail: "The database does not answer. Try again shortly." },
      // What lasts is told once when it begins, and not with every request that meets it.
      isOurs: !/^(?:SQLITE_FULL|STORAGE_)/.test(code),
    };
  }
  if (FILE_TROUBLE.test(code ?? "")) {
    return {
      refusal: { refused: "unavailable", detail: "The server can't use its files just now. Try again shortly." },
      isOurs: true,
    };
  }
  // What the JSON parser throws has no code of the framework's, only a status.
  if (statusCode === 400) return { refusal: NOT_JSON, isOurs: false };
  if (statusCode === 415) return { refusal: { refused: "unsupported_media_type" }, isOurs: false };
  return { refusal: { refused: "internal", detail: "The error was logged." }, isOurs: true };
}

/** Whether it says that the database can't be used just now, which is nobody's fault who asks. */
export function isDatabaseTrouble(error: unknown): boolean {
  return DATABASE_TROUBLE.test(codeOf(error) ?? "");
}

interface ErrorDescription {
  readonly validation: readonly unknown[] | null;
  readonly statusCode: number | null;
}

function describe(error: unknown): ErrorDescription {
  const members: Readonly<Record<string, unknown>> = typeof error === "object" && error !== null ? { ...error } : {};
  const { validation, statusCode } = members;
  return {
    validation: Array.isArray(validation) ? validation : null,
    statusCode: typeof statusCode === "number" ? statusCode : null,
  };
}

/** The system has no room, no file to open or nothing that can be written to just now. */
const FILE_TROUBLE = /^E(?:NOSPC|DQUOT|FBIG|ROFS|MFILE|NFILE|IO)$/;

/** The database can't be used just now: locked, full, gone, read-only, damaged, or closed by a stop. */
const DATABASE_TROUBLE =
  /^(?:SQLITE_(?:BUSY|LOCKED|IOERR|FULL|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM)|STORAGE_(?:CLOSED|LOST|GONE|FULL)$)/;
