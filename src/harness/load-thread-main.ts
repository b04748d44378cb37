// Entry of a load thread: its share of one run on an event loop and connections of its own.

import { parentPort, workerData } from 'node:worker_threads';
import { toBenchmarkError } from '../contract/failure.ts';
import { createMonotonicClock } from '../runtime/monotonic-clock.ts';
import { shareOfLoad } from './arrivals/load-shares.ts';
import { PROGRESS_INTERVAL_MS, plannedLoad } from './planned-load.ts';
import { LoadShare } from './load-share.ts';
import type { FromLoadThread, ThreadStart, ToLoadThread } from './load-thread-protocol.ts';

// As in generator-main.ts, whose thread this is not.
Error.stackTraceLimit = 0;
// Only load-threads.ts starts this module.
const start = workerData as ThreadStart;
const interruption = new AbortController();

const opened = openShare();
opened.then(
  (share) => say({ kind: 'ready', serverVersion: share.serverVersion }),
  (thrown: unknown) => fail(thrown),
);

parentPort?.on('message', (received) => {
  // Only load-threads.ts talks on this port.
  const message = received as ToLoadThread;
  switch (message.kind) {
    case 'run':
      void run(message);
      return;
    case 'interrupt':
      interruption.abort();
      return;
    case 'close':
      void close();
  }
});

async function openShare(): Promise<LoadShare> {
  const { plan, replayText, threads } = start;
  return LoadShare.open({
    plan,
    clock: createMonotonicClock(plan.originNs),
    load: shareOfLoad(plannedLoad(plan, replayText), start),
    threads,
    signal: interruption.signal,
  });
}

async function run({ loadStartNs, trim }: Extract<ToLoadThread, { kind: 'run' }>): Promise<void> {
  const share = await opened;
  const ticker = setInterval(() => {
    const progress = share.progress();
    if (progress !== null) say({ kind: 'progress', progress });
  }, PROGRESS_INTERVAL_MS);
  try {
    say({ kind: 'done', outcome: await share.run(loadStartNs, trim) });
  } catch (thrown) {
    fail(thrown);
  } finally {
    clearInterval(ticker);
  }
}

async function close(): Promise<void> {
  await opened.then(
    (share) => share.close(),
    () => undefined,
  );
  parentPort?.close();
}

function fail(thrown: unknown): void {
  const { code, message, details } = toBenchmarkError(thrown, 'generator-failed');
  say({ kind: 'failed', code, message, details });
}

function say(message: FromLoadThread): void {
  parentPort?.postMessage(message);
}
