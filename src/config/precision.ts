// '2%' and its companions → what the number of runs is to reach.

import { isMetricName } from '../contract/metric.ts';
import type { PrecisionGoal } from '../contract/precision.ts';
import type { ConfigProblem } from './problem.ts';
import { parseShare } from './threshold.ts';
import type { ReadValues } from './values.ts';

/** A pilot must show a spread; looking after each run needs ten for an interval that covers 94.6 %. */
const MIN_PILOT = { stein: 6, sequential: 10 } as const;

/** Null when no precision is asked for. Only after `precisionProblems` found nothing. */
export function precisionGoal({ values }: Pick<ReadValues, 'values'>): PrecisionGoal | null {
  const target = parseShare(values.targetPrecision);
  const metric = values.precisionMetric;
  if (target === null || !isMetricName(metric)) return null;
  return {
    target,
    metric,
    rule: values.precisionRule,
    pilotRuns: values.runs,
    maxRuns: values.maxRuns,
  };
}

export function precisionProblems({ values, explicit }: ReadValues): readonly ConfigProblem[] {
  const { targetPrecision, precisionMetric, precisionRule, runs, maxRuns } = values;
  if (targetPrecision === '') {
    return (['maxRuns', 'precisionMetric', 'precisionRule'] as const)
      .filter((key) => explicit.has(key))
      .map((path) => ({ path, message: `${path} has no effect without targetPrecision` }));
  }
  const share = parseShare(targetPrecision);
  const least = MIN_PILOT[precisionRule];
  return [
    ...(share === null || share === 0
      ? [{ path: 'targetPrecision', message: `must be a share like 2%, not "${targetPrecision}"` }]
      : []),
    ...(isMetricName(precisionMetric)
      ? []
      : [{ path: 'precisionMetric', message: `there is no metric "${precisionMetric}"` }]),
    ...(runs < least
      ? [
          {
            path: 'runs',
            message: `a pilot of ${runs} runs is too few for ${precisionRule}`,
            hint: `give at least ${least}`,
          },
        ]
      : []),
    ...(maxRuns < runs
      ? [{ path: 'maxRuns', message: `maxRuns ${maxRuns} is below the ${runs} runs of the pilot` }]
      : []),
  ];
}
