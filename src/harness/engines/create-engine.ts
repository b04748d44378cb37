// The one place that knows which engines exist.

import type { HarnessConfig } from '../../contract/config.ts';
import { BenchmarkError } from '../../contract/failure.ts';
import type { MonotonicClock } from '../../runtime/monotonic-clock.ts';
import type { Engine } from './engine.ts';
import { GrpcJsEngine } from './grpc-js/grpc-js-engine.ts';

/** Throws BenchmarkError 'not-supported' for an engine that this build lacks. */
export function createEngine(config: HarnessConfig, clock: MonotonicClock): Engine {
  switch (config.engine) {
    case 'grpc-js':
      return new GrpcJsEngine({
        serverAddr: config.serverAddr,
        tls: config.tls,
        connections: config.connections,
        maxReceiveMessageBytes: config.maxReceiveMessageBytes,
        clock,
      });
    case 'wire':
      throw new BenchmarkError(
        'not-supported',
        'The wire engine is not part of this version; use --engine grpc-js.',
      );
  }
}
