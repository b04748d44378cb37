// One hash for "the same experiment": everything that shapes the load or what is measured, nothing that only names it.

import { createHash } from 'node:crypto';
import type { BenchmarkConfig } from '../contract/config.ts';
import { experimentText } from '../contract/experiment.ts';

/** SHA-256, hex. */
export function configHash(config: BenchmarkConfig): string {
  return createHash('sha256').update(experimentText(config)).digest('hex');
}
