// The one place that knows which engines exist.

import type { HarnessConfig } from '../../contract/config.ts';
import type { MonotonicClock } from '../../runtime/monotonic-clock.ts';
import type { Engine } from './engine.ts';
import { GrpcJsEngine } from './grpc-js/grpc-js-engine.ts';
import { WireEngine } from './wire/wire-engine.ts';

/** Throws BenchmarkError 'config-invalid' for an address or TLS files that cannot be used. */
export function createEngine(config: HarnessConfig, clock: MonotonicClock): Engine {
  const { serverAddr, tls, connections, connectTimeoutMs, maxReceiveMessageBytes } = config;
  const options = { serverAddr, tls, connections, maxReceiveMessageBytes, clock };
  switch (config.engine) {
    case 'grpc-js':
      return new GrpcJsEngine(options);
    case 'wire':
      return new WireEngine({ ...options, connectTimeoutMs });
  }
}
