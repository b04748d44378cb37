// Writes schemas/*.schema.json from the code (committed; a test fails when they drift).

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportJsonSchema } from '../src/artifacts/report-schema.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { scenarioJsonSchema } from '../src/config/scenario-schema.ts';

const directory = join(dirname(dirname(fileURLToPath(import.meta.url))), 'schemas');
const schemas = {
  'config.schema.json': configJsonSchema(),
  'report.schema.json': reportJsonSchema(),
  'scenario.schema.json': scenarioJsonSchema(),
};

mkdirSync(directory, { recursive: true });
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(join(directory, name), `${JSON.stringify(schema, null, 2)}\n`);
}
