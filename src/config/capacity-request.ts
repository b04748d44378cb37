// What a user says about a search for a capacity → a checked request, or every problem at once.

import { z } from 'zod';
import { DECIDED_BY_SEARCH, type CapacityRequest } from '../contract/capacity.ts';
import { DURATION_PATTERN, parseDurationMs } from './duration.ts';
import type { ConfigProblem } from './problem.ts';
import { problemsOf, serverFields, settingsOf } from './suite-request.ts';

export type ReadCapacityRequest =
  | { readonly kind: 'ok'; readonly request: CapacityRequest }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

const rate = z.number().positive().max(10_000_000);

const capacityRequestSchema = z.strictObject({
  ...serverFields,
  slo: z.string().min(1, "is wanted, like 'latency_p99<500ms,error_rate<1%'"),
  startRate: rate.default(10),
  maxRate: rate.default(100_000),
  tolerance: z.number().min(0.005).max(1).default(0.05),
  maxTrials: z.int().min(2).max(100).default(30),
  trialDuration: z.string().regex(DURATION_PATTERN).nullable().default(null),
  repeatPause: z.string().regex(DURATION_PATTERN).default('10s'),
});

export function readCapacityRequest(raw: unknown): ReadCapacityRequest {
  const parsed = capacityRequestSchema.safeParse(raw);
  if (!parsed.success) return { kind: 'invalid', problems: problemsOf(parsed.error) };
  const { settings, startRate, maxRate, trialDuration, repeatPause, ...rest } = parsed.data;
  const read = settingsOf(settings, DECIDED_BY_SEARCH);
  if (read.kind === 'invalid') return read;
  return {
    kind: 'ok',
    request: {
      ...rest,
      settings: read.settings,
      startRatePerS: startRate,
      maxRatePerS: maxRate,
      trialDurationMs: trialDuration === null ? null : parseDurationMs(trialDuration),
      repeatPauseMs: parseDurationMs(repeatPause) ?? 0,
    },
  };
}
