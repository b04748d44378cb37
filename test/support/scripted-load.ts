// A whole load, from its plan to its recording, in this process against a server that a test scripts byte by byte.

import { generateLoad, type LoadOutcome } from '../../src/harness/generate-load.ts';
import type { LoadPlan } from '../../src/harness/generator-protocol.ts';
import { ANSWER_FIELDS, trailers } from './http2-frames.ts';
import { harnessConfig, loadPlan, type HarnessChanges } from './run-plans.ts';
import { startScriptedServer, type Script, type ScriptedPeer } from './scripted-server.ts';

/** A request without a field is the question for the server's health: gRPC's prefix and nothing behind it. */
const EMPTY_REQUEST_BYTES = 5;

export interface ScriptedLoad extends Pick<Script, 'onFrame'> {
  readonly harness: HarnessChanges;
  readonly plan?: Partial<Pick<LoadPlan, 'perRunWarmupMs'>>;
  /** A call of the load came; `call` counts them from 0. */
  readonly onCall: (peer: ScriptedPeer, streamId: number, call: number) => void;
}

export async function scriptedLoad(load: ScriptedLoad): Promise<LoadOutcome> {
  let calls = 0;
  const server = await startScriptedServer({
    ...(load.onFrame === undefined ? {} : { onFrame: load.onFrame }),
    onRequest: (peer, streamId) => {
      if (peer.received.get(streamId) === EMPTY_REQUEST_BYTES) {
        peer.send(trailers(streamId, { ...ANSWER_FIELDS, 'grpc-status': 12 }));
      } else {
        load.onCall(peer, streamId, calls++);
      }
    },
  });
  try {
    const harness = harnessConfig({ ...load.harness, serverAddr: server.address });
    return await generateLoad(
      { ...loadPlan(harness), ...load.plan },
      { signal: new AbortController().signal, onProgress: () => undefined },
    );
  } finally {
    await server.close();
  }
}
