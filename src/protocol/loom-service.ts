// Loom's service as grpc-js wants it, loaded once per process from the wire contract in proto/.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  makeGenericClientConstructor,
  type ChannelCredentials,
  type ClientOptions,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { LoomServiceClient, LoomServiceDefinition } from './generated/loom/v1/LoomService.ts';

const PROTO_FILE = 'loom/v1/loom.proto';

/** The conversions that the generated types assume (scripts/gen-proto-types.mjs). */
const LOADER_OPTIONS = {
  keepCase: false,
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
} as const;

let loaded: LoomServiceDefinition | null = null;

/** The definition of loom.v1.LoomService with its serializers. Throws when the package lacks its proto file. */
export function loadLoomService(): LoomServiceDefinition {
  if (loaded !== null) return loaded;
  const packageDefinition = loadSync(PROTO_FILE, {
    ...LOADER_OPTIONS,
    includeDirs: [protoDirectory()],
  });
  // The loader types every entry alike; which one is the service is known from the proto file.
  loaded = packageDefinition['loom.v1.LoomService'] as unknown as LoomServiceDefinition;
  return loaded;
}

/** A plain grpc-js client of the service. */
export function createLoomClient(
  address: string,
  credentials: ChannelCredentials,
  options: ClientOptions = {},
): LoomServiceClient {
  const Client = makeGenericClientConstructor(loadLoomService(), 'LoomService');
  // The constructor adds the methods of the definition at run time; the generated interface lists the same ones.
  return new Client(address, credentials, options) as unknown as LoomServiceClient;
}

/** The nearest `proto/` at or above this module: the same package directory from src/ and from dist/. */
function protoDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(directory, 'proto');
    if (existsSync(join(candidate, PROTO_FILE))) return candidate;
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`no proto/${PROTO_FILE} above ${import.meta.url}`);
    directory = parent;
  }
}
