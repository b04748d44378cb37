// Writes docs/OPTIONS.md from the option table (committed; CI fails when it drifts).
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { optionsMarkdown } from '../src/config/options-markdown.ts';

const path = fileURLToPath(new URL('../docs/OPTIONS.md', import.meta.url));
const head = `# Options

Every key works as a flag, as an environment variable, in a YAML or JSON file, and in the input of the \`benchmark\` workflow.
Flags win over the environment, the environment over the file, the file over the defaults. Durations carry a unit: \`250ms\`,
\`5s\`, \`1m30s\`. An unknown key is refused, and the nearest one is named. This page is generated: \`npm run gen\`.

`;
writeFileSync(path, head + optionsMarkdown());
