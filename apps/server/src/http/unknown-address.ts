/** What an address that isn't here answers: the page to a browser that goes there, so that it can say so, a problem to all else. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Refusal } from "@instep/sync-server";
import type { FastifyReply, FastifyRequest } from "fastify";
import { sendProblem } from "../problems.ts";
import { PAGE_HEADERS } from "./security-headers.ts";

/** Answers with the page and 404, or with the refusal. */
export type AnswerUnknown = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal) => Promise<FastifyReply>;

/** Where programs look, not people. */
const NO_PAGE = /^\/(?:api|assets)(?:[/?]|$)/;

/** Makes the answer; without a folder there is no page. */
export function createUnknownAnswer(pageDir: string | null): AnswerUnknown {
  return async (request, reply, refusal) => {
    const page = pageDir !== null && isVisit(request) ? await readPage(pageDir) : null;
    if (page === null) return sendProblem(reply, refusal);
    return reply.code(404).headers(PAGE_HEADERS).type("text/html; charset=utf-8").send(page);
  };
}

function isVisit({ method, url, headers }: FastifyRequest): boolean {
  const isRead = method === "GET" || method === "HEAD";
  return isRead && !NO_PAGE.test(url) && (headers.accept?.includes("text/html") ?? false);
}

/** Null where there is none just now, such as while it is built anew. */
function readPage(pageDir: string): Promise<Buffer | null> {
  return readFile(join(pageDir, "index.html")).catch(() => null);
}
