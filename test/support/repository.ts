// Where the checkout is: compiled tests lie one directory deeper than their sources, beside links to all else.

import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = dirname(
  realpathSync(fileURLToPath(new URL('../../package.json', import.meta.url))),
);
