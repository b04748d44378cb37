// Several trials side by side: most of a trial is waiting.

import { runTrial, type TrialResult } from './run-trial.ts';
import { trialName, type Trial } from './trial.ts';

export async function runTrials(
  trials: readonly Trial[],
  options: {
    readonly temporalCli: string;
    readonly atOnce: number;
    readonly onResult: (result: TrialResult) => void;
  },
): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  const queue = [...trials];
  const work = async (): Promise<void> => {
    for (let trial = queue.shift(); trial !== undefined; trial = queue.shift()) {
      const result = await runTrial(trial, options.temporalCli).catch(brokenTrial(trial));
      results.push(result);
      options.onResult(result);
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, work));
  return results;
}

function brokenTrial(trial: Trial): (error: unknown) => TrialResult {
  return (error) => ({
    trial,
    name: trialName(trial),
    violations: [error instanceof Error ? error.message : String(error)],
    attempts: 0,
    lostMs: 0,
    detectionMs: null,
    wallMs: 0,
  });
}
