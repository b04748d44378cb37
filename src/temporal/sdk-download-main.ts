// A process of its own for the SDK's download of the CLI: the SDK can only download by starting a server, and loading its
// native core is nothing that the command line should pay for. Arguments: download directory, version.

import { Runtime } from '@temporalio/worker';
import { dieWithParent } from '../runtime/child-process.ts';

/** Only said to the download site. */
const SDK_VERSION = '1.24.0';

dieWithParent();
const [downloadDir, version] = process.argv.slice(2);
if (downloadDir === undefined || version === undefined) throw new Error('two arguments expected');

const runtime = Runtime.instance();
try {
  const server = await runtime.createEphemeralServer({
    type: 'dev-server',
    exe: {
      type: 'cached-download',
      downloadDir,
      version: `v${version}`,
      ttl: 0,
      sdkName: 'sdk-typescript',
      sdkVersion: SDK_VERSION,
    },
    namespace: 'default',
    ip: '127.0.0.1',
    port: null,
    uiPort: null,
    dbFilename: null,
    ui: false,
    log: { format: 'pretty', level: 'error' },
    extraArgs: [],
  });
  await runtime.shutdownEphemeralServer(server);
  process.exitCode = 0;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
await runtime.shutdown();
process.disconnect();
