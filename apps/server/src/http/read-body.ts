/** What becomes of a body: JSON is read, nothing means `{}` whatever it is called, and everything else is no call's. */
import { errorCodes, type FastifyRequest } from "fastify";
import type { Readable } from "node:stream";
import type { App } from "../app-context.ts";
import { storableValue } from "../storable-text.ts";
import { hasTooManyParts, TooManyPartsError } from "./body-parts.ts";

/** Fastify's own idea of a media type: with any other, it refuses the request before a parser of ours is asked. */
const MEDIA_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;
const FORM = /^\s*multipart\b/i;

/** Has bodies read so in every scope that has no parsers of its own. A call that needs a body misses it by its schema. */
export function readBodies(app: App): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body: string, done) => {
    if (body === "") return done(null, undefined);
    if (hasTooManyParts(body)) return done(new TooManyPartsError());
    return parse(request, body, (error, value) => done(error, storableValue(value)));
  });
  app.addContentTypeParser("*", async (request: FastifyRequest, body: Readable) => {
    // An unknown address is answered with 404, whatever body came to it.
    if (!request.is404 && (await hasBytes(body))) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE();
    return undefined;
  });
  app.addHook("onRequest", (request, _reply, done) => {
    nameBody(request);
    done();
  });
  app.addHook("preValidation", (request, _reply, done) => {
    if (request.body === undefined) request.body = {};
    done();
  });
}

/** A body that can't be there has no type, and one that is there has one. */
function nameBody({ headers }: FastifyRequest): void {
  const type = headers["content-type"];
  if (type === undefined) return;
  if (headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0) {
    delete headers["content-type"];
  } else if (!MEDIA_TYPE.test(type)) {
    headers["content-type"] = FORM.test(type) ? "multipart/form-data" : "application/octet-stream";
  }
}

function hasBytes(body: Readable): Promise<boolean> {
  return new Promise((resolve, reject) => {
    body.once("data", () => resolve(true));
    body.once("end", () => resolve(false));
    body.once("error", reject);
  });
}
