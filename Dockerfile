# One image for worker, target and command line. glibc, because Temporal's native core has no musl build.
ARG NODE_IMAGE=node:22-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
# Dependencies first and without our install script: this layer changes only with the lock file.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY proto ./proto
COPY schemas ./schemas
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
# tini reaps the children of a child that was killed and passes SIGTERM on.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tini ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production \
    LOOMBENCH_HOME=/var/lib/loombench
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/proto ./proto
COPY --from=build /app/schemas ./schemas
COPY package.json LICENSE README.md ./
RUN chmod 0755 dist/cli/main.js \
  && ln -s /app/dist/cli/main.js /usr/local/bin/loombench \
  && install --directory --owner=node --group=node /var/lib/loombench
USER node
VOLUME ["/var/lib/loombench"]
# gRPC and control plane of `loombench target`.
EXPOSE 60051 8080
ENTRYPOINT ["tini", "--", "loombench"]
CMD ["worker"]
