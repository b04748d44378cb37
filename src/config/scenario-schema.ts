// The schema of a scenario, for files that users write: the same form as the standard ones.

import { z } from 'zod';
import { HEADLINE_PICKS, SUITE_METRICS } from '../contract/scenario.ts';
import { rawConfigSchema } from './schema.ts';

const MAX_LEVELS = 200;
/** Part of file names and workflow ids. */
const NAME = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*$/);
const inARow = z.int().min(1).max(10).default(1);

const stopRule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('beyond'),
    limits: z.strictObject({
      latencyP50Ms: z.number().positive().optional(),
      latencyP99Ms: z.number().positive().optional(),
      errorRate: z.number().min(0).max(1).optional(),
    }),
    inARow,
  }),
  z.strictObject({
    kind: z.literal('declines'),
    metric: z.enum(SUITE_METRICS).default('throughput'),
    inARow,
  }),
]);

const level = z.strictObject({
  name: NAME,
  value: z.number(),
  series: z.string().max(100).optional(),
  settings: rawConfigSchema.default({}),
});

const share = z.enum(['all', 'half', 'one']);

export const scenarioSchema = z
  .strictObject({
    id: NAME,
    title: z.string().max(200).default(''),
    purpose: z.string().max(2000).default(''),
    headline: z
      .strictObject({
        metric: z.enum(SUITE_METRICS).default('throughput'),
        pick: z.enum(HEADLINE_PICKS).default('highest'),
      })
      .prefault({}),
    factor: z.string().max(60).default('level'),
    settings: rawConfigSchema.default({}),
    levels: z.array(level).min(1).max(MAX_LEVELS),
    runs: share.default('all'),
    warmupRuns: z.enum(['all', 'half', 'none']).default('all'),
    stop: stopRule.nullable().default(null),
    asStarted: z.boolean().optional(),
    watchMemory: z.boolean().optional(),
  })
  .refine(({ levels }) => new Set(levels.map(({ name }) => name)).size === levels.length, {
    message: 'two levels have the same name',
    path: ['levels'],
  });

export function scenarioJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(scenarioSchema, { target: 'draft-2020-12', io: 'input' }),
    title: 'loombench scenario',
  };
}
