// Entry of the target's own process: a Loom server that is told by its parent what to be, and that dies with it.

import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { toBenchmarkError } from '../contract/failure.ts';
import { dieWithParent } from '../runtime/child-process.ts';
import { createMonotonicClock } from '../runtime/monotonic-clock.ts';
import { LoomServer } from './loom-server.ts';
import { ProcessCollectors } from './process-collectors.ts';
import type { FromTarget, ToTarget } from './target-protocol.ts';

/** How long calls may still end after the parent asked for the end, so that the books are closed when they are read. */
const STOP_GRACE_MS = 1000;

interface RunningTarget {
  readonly server: LoomServer;
  readonly collectors: ProcessCollectors | null;
}

async function start(message: ToTarget & { kind: 'start' }): Promise<RunningTarget> {
  const { config, originNs, sampleResources } = message;
  const clock = createMonotonicClock(originNs);
  const server = new LoomServer({ ...config, clock });
  const address = await server.listen(config.host ?? '127.0.0.1', config.port ?? 0);
  const collectors = sampleResources ? new ProcessCollectors(clock) : null;
  collectors?.start();
  tell({ kind: 'listening', address });
  return { server, collectors };
}

async function stop({ server, collectors }: RunningTarget): Promise<void> {
  await server.stop(STOP_GRACE_MS);
  const observed = (await collectors?.stop()) ?? { samples: [], gcPauses: [] };
  tell({ kind: 'final', final: { account: server.account(), ...observed } }, () => {
    process.disconnect();
  });
}

function tell(message: FromTarget, onSent: () => void = () => undefined): void {
  process.send?.(message, undefined, {}, onSent);
}

function fail(thrown: unknown): void {
  const { code, message } = toBenchmarkError(thrown, 'target-start-failed');
  tell({ kind: 'failed', code, message }, () => process.exit(1));
}

dieWithParent();
// What cannot be bound is reported to the parent, in its words; grpc-js's own log lines would only repeat it.
setLogVerbosity(logVerbosity.NONE);
let running: RunningTarget | null = null;
// Only our parent writes to this channel.
process.on('message', (message: ToTarget) => {
  switch (message.kind) {
    case 'start':
      start(message).then((started) => (running = started), fail);
      break;
    case 'account':
      if (running !== null) {
        const account = running.server.account();
        tell({ kind: 'account', requestId: message.requestId, account });
      }
      break;
    case 'settings':
      if (running !== null) {
        const { llm, llmConcurrencyLimit, numAgents } = running.server.state();
        const settings = { llm, llmConcurrencyLimit, numAgents };
        tell({ kind: 'settings', requestId: message.requestId, settings });
      }
      break;
    case 'stop':
      if (running !== null) stop(running).catch(fail);
      break;
  }
});
