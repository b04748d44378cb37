// A generator's part of a large run, in a process of its own: five million calls through the real recorder, the first
// million of them into the file of calls, and the run stored with a benchmark around it. Argument: a directory. Sends the most memory it took, in kB.

import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeArrowFile } from '../../../src/harness/recording/arrow-file.ts';
import { RawSpool } from '../../../src/harness/recording/raw-spool.ts';
import { writeTextAtomically } from '../../../src/runtime/atomic-file.ts';
import { ANSWER, MS, newRecorder, OK_END, summarize } from '../../harness/recording/play-calls.ts';
import { seededRandom } from '../../harness/recording/seeded-random.ts';
import { sampleReport, storedRun } from '../../report/sample-report.ts';

const CALLS = 5_000_000;
const ROWS_KEPT = 1_000_000;
const SLOTS = 50;
/** As in a generator. */
const MAX_RAW_VALUES = 250_000;
/** Calls between two turns of the event loop: a real load lets the disk have its turns, too. */
const BURST = 10_000;

const [directory = '.'] = process.argv.slice(2);
const spool = await RawSpool.open(join(directory, 'calls.tmp'), ROWS_KEPT);
const recorder = newRecorder({ slots: SLOTS, maxRawValues: MAX_RAW_VALUES, rawSink: spool });
const random = seededRandom(1);
for (let call = 0; call < CALLS; call += 1) {
  // 10 ms and up to 10 ms more, 5000 calls a second.
  const slot = call % SLOTS;
  const startNs = call * 200_000;
  const endNs = startNs + Math.floor((10 + 10 * random()) * MS);
  recorder.begin(slot, call, startNs, startNs);
  recorder.onMessage(slot, endNs, ANSWER);
  recorder.onEnd(slot, endNs, OK_END);
  if (call % BURST === 0) await nextTurn();
}
const recorded = recorder.finish();
const raw = await writeArrowFile({
  path: join(directory, 'calls.arrow'),
  spools: [await spool.close()],
  sawLlmOutput: recorded.sawLlmOutput,
});
const run = storedRun(1, { ...summarize(recorded), raw });
const benchmark = sampleReport({ runs: [] });
await writeTextAtomically(join(directory, 'recorded.json'), JSON.stringify({ run, benchmark }));
process.send?.(process.resourceUsage().maxRSS);
