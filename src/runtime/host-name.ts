// What this host is called: the name of its task queue, and of where a run was measured.

import { hostname } from 'node:os';
import { BenchmarkError } from '../contract/failure.ts';
import { HOST_NAME_PATTERN, HOST_NAME_RULE } from '../contract/host-policy.ts';

/** LOOMBENCH_HOST_NAME, else the operating system's name. Throws BenchmarkError 'config-invalid'. */
export function hostName(
  env: NodeJS.ProcessEnv = process.env,
  systemName: string = hostname(),
): string {
  const wish = env['LOOMBENCH_HOST_NAME'] ?? '';
  const name = wish === '' ? systemName : wish;
  if (HOST_NAME_PATTERN.test(name)) return name;
  const subject =
    wish === '' ? `The host name ${JSON.stringify(name)}` : `LOOMBENCH_HOST_NAME=${name}`;
  throw new BenchmarkError(
    'config-invalid',
    `${subject} cannot name this host's task queue, which takes ${HOST_NAME_RULE}. Set LOOMBENCH_HOST_NAME to such a name, ` +
      'the same whenever a worker of this host starts and unlike that of any other host.',
    { details: { name } },
  );
}
