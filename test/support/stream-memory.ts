// What streams leave behind: a whole load of short streams through driver, engine and recorder, in this process, with the heap
// after a collection at each mark.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EngineName } from '../../src/contract/config.ts';
import { generateLoad } from '../../src/harness/generate-load.ts';
import { callCounts } from '../../src/harness/recording/recorded-run.ts';
import {
  ANSWER_FIELDS,
  data,
  frame,
  grpcMessage,
  headers,
  onStream,
  trailers,
  TYPE,
  uint32,
  weaveProgress,
} from './http2-frames.ts';
import { harnessConfig, loadPlan } from './run-plans.ts';
import { startScriptedServer } from './scripted-server.ts';

const WINDOW_INCREMENT = 2 ** 31 - 1 - 65_535;
const CONCURRENCY = 50;

/** WeaveProgress: a token with its running count (below 128). */
function token(count: number): Buffer {
  return data(0, grpcMessage(Buffer.concat([weaveProgress('x'), Buffer.of(0x48, 1, 0x50, count)])));
}

/** Three tokens, COMPLETED, OK. */
const answerOn = onStream(
  Buffer.concat([
    headers(0),
    ...[1, 2, 3].map(token),
    data(0, grpcMessage(Buffer.of(0x08, 7))),
    trailers(0),
  ]),
);

export interface StreamMemory {
  readonly ok: number;
  /** Bytes in use after a collection, once for each mark. */
  readonly heapBytes: readonly number[];
}

/** The last mark is the number of streams. */
export async function heapAtMarks(
  marks: readonly number[],
  engine: EngineName = 'wire',
): Promise<StreamMemory> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void; // what the flag exposes
  const heapBytes: number[] = [];
  const directory = await mkdtemp(join(tmpdir(), 'loombench-streams-'));
  let answered = 0;
  let isLoad = false;
  const server = await startScriptedServer({
    forgets: true,
    onConnection: (peer) => peer.send(frame(TYPE.windowUpdate, 0, 0, uint32(WINDOW_INCREMENT))),
    onRequest: (peer, streamId) => {
      if (!isLoad) {
        // What is asked before the load: its health.
        isLoad = true;
        peer.send(trailers(streamId, { ...ANSWER_FIELDS, 'grpc-status': 12 }));
        return;
      }
      peer.send(answerOn(streamId));
      answered += 1;
      if (!marks.includes(answered)) return;
      collect();
      heapBytes.push(process.memoryUsage().heapUsed);
    },
  });
  try {
    const harness = harnessConfig({
      serverAddr: server.address,
      engine,
      useStreaming: true,
      concurrency: CONCURRENCY,
      totalRequests: Math.max(...marks),
      durationMs: 0,
    });
    const collect = { timeSeries: true, histogram: true, resources: false, gcCorrelation: false };
    const { recorded } = await generateLoad(loadPlan(harness, { collect, directory }), {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    return { ok: callCounts(recorded.callsByClass, recorded.sawLlmOutput).ok, heapBytes };
  } finally {
    await server.close();
    await rm(directory, { recursive: true });
  }
}
