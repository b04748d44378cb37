// JSON Schema of a config file, so that editors can complete and check it.

import { z } from 'zod';
import { rawConfigSchema } from './schema.ts';

export function configJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(rawConfigSchema, { target: 'draft-2020-12', io: 'input' }),
    title: 'loombench configuration',
  };
}
