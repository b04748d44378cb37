// Generates src/protocol/generated from proto/ (committed; CI fails when it drifts).
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outDir = join(root, 'src', 'protocol', 'generated');
rmSync(outDir, { recursive: true, force: true });
const require = createRequire(import.meta.url);
const generator = join(
  dirname(require.resolve('@grpc/proto-loader/package.json')),
  'build/bin/proto-loader-gen-types.js',
);
const result = spawnSync(
  process.execPath,
  [
    generator,
    '--importFileExtension=.ts',
    '--longs=String',
    '--enums=String',
    '--defaults',
    '--oneofs',
    '--grpcLib=@grpc/grpc-js',
    '--includeDirs=proto',
    '--outDir=src/protocol/generated',
    'loom/v1/loom.proto',
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(result.status ?? 1);
