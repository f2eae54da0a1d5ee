/** The built page: hashed files for ever, the page itself never without asking, and its addresses. */
import fastifyStatic from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { App } from "../app-context.ts";
import { languagePreload } from "./language-preload.ts";
import { PAGE_HEADERS } from "./security-headers.ts";

const IMMUTABLE = "public, max-age=31536000, immutable";
const REVALIDATE = "no-cache";
/** One name, never a way out of its folder nor a hidden file. */
const FILE_NAME = String.raw`^\w[\w.-]*$`;

interface FileRoute {
  readonly Params: { readonly name: string };
}

/** Serves the page at its addresses, `/` and `/c/:id`, and its files; with no folder there is no page, and the API stands alone. */
export async function registerPage(app: App, pageDir: string | null): Promise<void> {
  if (pageDir === null) return;
  await app.register(fastifyStatic, {
    root: pageDir,
    cacheControl: false,
    // Pieces of small files help nobody, and one beyond the end would be an error.
    acceptRanges: false,
    index: false,
    serve: false,
    setHeaders: (reply, path) => {
      reply.headers(PAGE_HEADERS);
      reply.header("cache-control", /[\\/]assets[\\/]/.test(path) ? IMMUTABLE : REVALIDATE);
    },
  });
  const sendPage = async (request: FastifyRequest, reply: FastifyReply) => {
    const preload = await languagePreload(pageDir, request.headers["accept-language"]);
    reply.header("vary", "accept-language");
    if (preload !== null) reply.header("link", preload);
    return reply.sendFile("index.html");
  };
  const options = { schema: { hide: true } };
  app.get("/", options, sendPage);
  for (const path of ["/c/:conversation(^.+$)", "/c/:conversation(^.+$)/"]) {
    app.get(path, options, sendPage);
  }
  // Looked up at each request: a page that is built anew has other names for its files.
  for (const folder of ["", "assets/"]) {
    const isThere = (params: unknown) => isFile(join(pageDir, folder, (params as FileRoute["Params"]).name));
    app.get<FileRoute>(`/${folder}:name(${FILE_NAME})`, { ...options, config: { isThere } }, async (request, reply) =>
      reply.sendFile(`${folder}${request.params.name}`),
    );
  }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true;
}
