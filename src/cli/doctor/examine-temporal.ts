// Is there a Temporal, or what it takes to start one? Looks only, unless it is asked to mend what it can.

import { toBenchmarkError } from '../../contract/failure.ts';
import { configuredTemporal, connectToTemporal } from '../../temporal/connection.ts';
import { findTemporalCli } from '../../temporal/temporal-cli.ts';
import { examineSearchAttributes } from './examine-search-attributes.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const UI_TIMEOUT_MS = 3_000;

export async function examineTemporal(
  env: NodeJS.ProcessEnv,
  { stateDirectory, fix }: { readonly stateDirectory: string; readonly fix: boolean },
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
        await examineCli(env, stateDirectory, fix),
        ok('temporal', 'the embedded server, started when needed'),
      ]
    : [...(await examineConnection(settings, fix)), await examineWebUi(env)];
}

async function examineCli(
  env: NodeJS.ProcessEnv,
  stateDirectory: string,
  fix: boolean,
): Promise<Finding> {
  try {
    const cli = await findTemporalCli(stateDirectory, { env, fetch: fix });
    return ok('temporal-cli', `${cli.version} at ${cli.path} (${cli.source})`);
  } catch (error) {
    const { message } = toBenchmarkError(error, 'temporal-cli-missing');
    return warn(
      'temporal-cli',
      message.replace(/\.$/, ''),
      'The first run, or loombench doctor --fix, tries to fetch it (about 45 MB)',
    );
  }
}

async function examineConnection(
  settings: Parameters<typeof connectToTemporal>[0],
  fix: boolean,
): Promise<Finding[]> {
  try {
    const connection = await connectToTemporal(settings);
    const attributes = await examineSearchAttributes(connection, fix);
    await connection.close();
    return [
      ok('temporal', `answers at ${settings.address}, namespace ${settings.namespace}`),
      attributes,
    ];
  } catch (error) {
    const { message } = toBenchmarkError(error, 'temporal-unreachable');
    return [fail('temporal', message.replace(/\.$/, ''), 'loombench doctor looks again')];
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
