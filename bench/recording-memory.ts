// What 20 million calls cost the generator's memory: the recorder and the spool of the raw file as a run has them, driven
// as fast as they go, with the resident set at each mark. By hand:
// node --expose-gc --import tsx bench/recording-memory.ts [--streaming]

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { CallRecorder } from '../src/harness/recording/call-recorder.ts';
import { RawSpool } from '../src/harness/recording/raw-spool.ts';
import { seededRandom } from '../src/harness/arrivals/seeded-random.ts';

const SLOTS = 200;
const CALLS_PER_TURN = 1000;
const CALL_SPACING_NS = 50_000;
const MARKS = [
  100_000, 250_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 15_000_000, 20_000_000,
];
const streaming = process.argv.includes('--streaming');

const facts = {
  bytes: 500,
  isToken: true,
  tokenCount: 1,
  contentBytes: 400,
  completed: true,
  failed: false,
  llmTokens: 60,
  apology: false,
};
const end = { grpcStatus: 0, statusMessage: '', origin: 'server', llmTimeUs: 10_000 } as const;

const directory = await mkdtemp(join(tmpdir(), 'loombench-memory-'));
const spool = await RawSpool.open(join(directory, '.rows.tmp'));
const recorder = new CallRecorder({
  slots: SLOTS,
  streaming,
  clock: { originNs: 0n, nowNs: () => 0 },
  loadStartNs: 0,
  trim: { kind: 'none' },
  maxRawValues: 250_000,
  onFinished: () => undefined,
  rawSink: spool,
});
const random = seededRandom(1);
let nowNs = 0;
let done = 0;
let baseBytes: number | null = null;
for (const mark of MARKS) {
  while (done < mark) {
    for (let call = 0; call < CALLS_PER_TURN; call += 1) {
      const slot = done % SLOTS;
      nowNs += CALL_SPACING_NS;
      const latencyNs = 10e6 + Math.round(random() * 10e6);
      recorder.begin(slot, done, nowNs, nowNs);
      const messages = streaming ? 10 : 1;
      for (let message = 1; message <= messages; message += 1) {
        recorder.onMessage(slot, nowNs + Math.round((latencyNs * message) / messages), facts);
      }
      recorder.onEnd(slot, nowNs + latencyNs, end);
      done += 1;
    }
    await nextTurn();
  }
  globalThis.gc?.();
  const rssBytes = process.memoryUsage.rss();
  baseBytes ??= rssBytes;
  const share = ((100 * rssBytes) / baseBytes).toFixed(0);
  console.log(
    `${mark} calls: RSS ${(rssBytes / 1e6).toFixed(1)} MB, ${share} % of the first mark; recorder ${(recorder.byteLength / 1e6).toFixed(1)} MB`,
  );
}
recorder.finish();
const rows = await spool.close();
console.log(
  `rows kept ${rows.chunks.reduce((sum, count) => sum + count, 0)}, complete ${rows.complete}`,
);
await rm(directory, { recursive: true });
