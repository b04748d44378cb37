// Is there a Temporal, or what it takes to start one? Looks only: nothing is fetched or started.

import { toBenchmarkError } from '../../contract/failure.ts';
import { configuredTemporal, connectToTemporal } from '../../temporal/connection.ts';
import { findTemporalCli } from '../../temporal/temporal-cli.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const UI_TIMEOUT_MS = 3_000;

export async function examineTemporal(
  env: NodeJS.ProcessEnv,
  stateDirectory: string,
): Promise<Finding[]> {
  let settings: ReturnType<typeof configuredTemporal>;
  try {
    settings = configuredTemporal(env);
  } catch (error) {
    const { message } = toBenchmarkError(error, 'config-invalid');
    return [fail('temporal', message, 'Correct or unset them')];
  }
  return settings === null
    ? [
        await examineCli(env, stateDirectory),
        ok('temporal', 'the embedded server, started when needed'),
      ]
    : [await examineConnection(settings), await examineWebUi(env)];
}

async function examineCli(env: NodeJS.ProcessEnv, stateDirectory: string): Promise<Finding> {
  try {
    const cli = await findTemporalCli(stateDirectory, { env, fetch: false });
    return ok('temporal-cli', `${cli.version} at ${cli.path} (${cli.source})`);
  } catch (error) {
    const { message } = toBenchmarkError(error, 'temporal-cli-missing');
    return warn(
      'temporal-cli',
      message.replace(/\.$/, ''),
      'The first run tries to fetch it (about 45 MB)',
    );
  }
}

async function examineConnection(
  settings: Parameters<typeof connectToTemporal>[0],
): Promise<Finding> {
  try {
    const connection = await connectToTemporal(settings);
    await connection.close();
    return ok('temporal', `answers at ${settings.address}, namespace ${settings.namespace}`);
  } catch (error) {
    const { message } = toBenchmarkError(error, 'temporal-unreachable');
    return fail('temporal', message.replace(/\.$/, ''), 'loombench doctor looks again');
  }
}

async function examineWebUi(env: NodeJS.ProcessEnv): Promise<Finding> {
  const url = env['TEMPORAL_UI_URL'] ?? '';
  if (url === '') return ok('web-ui', 'address not known; TEMPORAL_UI_URL makes links to it');
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(UI_TIMEOUT_MS) });
    return ok('web-ui', `answers at ${url} (${answer.status})`);
  } catch {
    return warn('web-ui', `nothing answers at ${url}`, 'Start it or correct TEMPORAL_UI_URL');
  }
}
