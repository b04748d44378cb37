// What a generator that has time to spare cost in one second.

import type { ProcessSample } from '../../src/contract/resources.ts';

export function processSample(changes: Partial<ProcessSample> = {}): ProcessSample {
  return {
    second: 0,
    goroutines: 1,
    heap_alloc_mb: 20,
    heap_sys_mb: 30,
    num_gc: 0,
    gc_pause_total_us: 0,
    rssBytes: 1,
    cpuUserUs: 0,
    cpuSystemUs: 0,
    cpuUtilisation: 0.1,
    eventLoopUtilisation: 0.1,
    eventLoopDelayP99Us: 500,
    eventLoopDelayMaxUs: 900,
    ...changes,
  };
}
