# The program with its page, from the lock file. `docs/self-hosting.md` says how to run it.
FROM node:24.21.0-slim AS build
WORKDIR /app
COPY . .
RUN npm ci && npm run build

# What runs needs neither the tests nor the tools that build.
FROM node:24.21.0-slim AS modules
WORKDIR /app
COPY . .
RUN npm ci --omit=dev --workspace @instep/server --include-workspace-root=false \
  && rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/src

FROM node:24.21.0-alpine AS node

FROM alpine:3.22
RUN apk add --no-cache libstdc++ && adduser -D -H -u 10001 instep && install -d -o instep -g instep -m 0700 /data
WORKDIR /app
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/package.json package.json
COPY --from=build /app/deploy deploy
COPY --from=build /app/scripts/door.js scripts/door.js
COPY --from=build /app/scripts/instep.js scripts/instep.js
COPY --from=build /app/packages/protocol packages/protocol
COPY --from=build /app/packages/sync-server packages/sync-server
COPY --from=build /app/apps/server/package.json apps/server/package.json
COPY --from=build /app/apps/server/src apps/server/src
COPY --from=build /app/apps/web/dist apps/web/dist
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data PATH=/app/deploy:$PATH
USER instep
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD wget -qO /dev/null "http://127.0.0.1:$PORT/readyz"
CMD ["node", "--max-semi-space-size=8", "--conditions=@instep/source", "apps/server/src/main.ts"]
