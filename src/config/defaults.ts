// The defaults as configurations, for the library. Derived from the option table, never written twice.

import type { BenchmarkConfig, HarnessConfig } from '../contract/config.ts';
import { assembleBenchmark, assembleHarness } from './assemble.ts';
import { readValues } from './values.ts';

/** The seed's DefaultHarnessConfig: 10 workers, 1000 calls, an embedded target with an LLM of 200 ms + U(0, 300) ms. */
export function defaultHarnessConfig(): HarnessConfig {
  return assembleHarness(readValues({}));
}

/** The seed's DefaultBenchmarkConfig: 10 measured runs after 2 warm-up runs, every collector on. */
export function defaultBenchmarkConfig(): BenchmarkConfig {
  return assembleBenchmark(readValues({}));
}
