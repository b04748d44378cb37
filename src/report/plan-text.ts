// What a benchmark is going to be, in words: its line and its details in the Temporal Web UI, before any number exists.

import type { BenchmarkConfig } from '../contract/config.ts';
import { plural } from './number-text.ts';
import { loadText, runLengthText, targetText } from './load-text.ts';

export interface PlanText {
  /** One line. */
  readonly summary: string;
  /** Markdown. */
  readonly details: string;
}

export function planText(config: BenchmarkConfig): PlanText {
  const runs = plural(config.runs, 'run');
  const name = config.scenarioName === '' ? 'benchmark' : config.scenarioName;
  return {
    summary: `${name} · ${runs} ${runLengthText(config)} · ${loadText(config)}`,
    details: [
      `- **Target:** ${targetText(config)}`,
      `- **Load:** ${loadText(config)}`,
      `- **Runs:** ${runs} ${runLengthText(config)} after ${plural(config.warmupRuns, 'warm-up run')}`,
      '- **Steering:** signals `pause` and `resume` take effect between runs; query `progress` tells where it is.',
    ].join('\n'),
  };
}
