// The defaults as configurations, for the library. Derived from the option table, never written twice.

import type { BenchmarkConfig, HarnessConfig } from '../contract/config.ts';

export declare function defaultHarnessConfig(): HarnessConfig;
export declare function defaultBenchmarkConfig(): BenchmarkConfig;
