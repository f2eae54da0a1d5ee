/** The OpenAPI 3.1 description, made from the routes' own schemas and served at `/api/openapi.json`. */
import swagger from "@fastify/swagger";
import type { App } from "../app-context.ts";

const TOKEN = {
  type: "http",
  scheme: "bearer",
  description: "A token from POST /api/tokens or the page's settings; needless without sign-in",
} as const;

/** Collects every route that is registered afterwards, and serves the description. */
export async function registerOpenApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Instep",
        description:
          "Conversations that stay in step. Errors are application/problem+json everywhere. Where people sign in (ALLOWED_EMAILS), calls need the session's cookie or a token.",
        license: { name: "MIT", identifier: "MIT" },
        version,
      },
      components: { securitySchemes: { token: TOKEN } },
      security: [{}, { token: [] }],
    },
  });
  const options = { schema: { hide: true }, config: { isPublic: true } };
  app.get("/api/openapi.json", options, async (_request, reply) => reply.send(app.swagger()));
}
