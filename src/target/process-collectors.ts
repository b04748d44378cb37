// What the target process watches about itself during a run: its resources by the second and its GC pauses.

import type { GcPause, ProcessSample } from '../contract/resources.ts';
import { GcLog } from '../runtime/gc-log.ts';
import type { MonotonicClock } from '../runtime/monotonic-clock.ts';
import { ResourceSampler } from '../runtime/resource-sampler.ts';

export interface Observations {
  readonly samples: ProcessSample[];
  readonly gcPauses: GcPause[];
}

export class ProcessCollectors {
  readonly #sampler: ResourceSampler;
  readonly #gcLog: GcLog;

  constructor(clock: MonotonicClock) {
    this.#sampler = new ResourceSampler({ clock });
    this.#gcLog = new GcLog(clock);
  }

  start(): void {
    this.#gcLog.start();
    this.#sampler.start();
  }

  async stop(): Promise<Observations> {
    const samples = this.#sampler.stop();
    return { samples, gcPauses: await this.#gcLog.stop() };
  }
}
