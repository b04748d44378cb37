// A Temporal that is not on this machine: TLS with a private authority and an API key, both from the standard variables.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { NativeConnection } from '@temporalio/worker';
import { configuredTemporal, connectToTemporal } from '../../src/temporal/connection.ts';
import { runCli } from '../support/cli-process.ts';
import { ScriptedRuns } from '../support/fake-worker.ts';
import { certificatePath } from '../support/tls-fixture.ts';
import { startTlsTemporal, type TlsTemporal } from '../support/tls-temporal.ts';
import { startWorkflowFixture, type WorkflowFixture } from '../support/workflow-fixture.ts';

describe('a Temporal server behind TLS and an API key', () => {
  let fixture: WorkflowFixture;
  let proxy: TlsTemporal;
  const environment = (changes: Record<string, string> = {}): Record<string, string> => ({
    TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml',
    TEMPORAL_ADDRESS: proxy.address,
    TEMPORAL_API_KEY: 'sesame',
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificatePath('ca.pem'),
    ...changes,
  });
  const connect = async (env: Record<string, string>) => {
    const settings = configuredTemporal(env);
    assert.ok(settings);
    return connectToTemporal(settings);
  };

  before(async () => {
    fixture = await startWorkflowFixture(new ScriptedRuns());
    proxy = await startTlsTemporal(fixture.connection.address, 'sesame');
  });
  after(async () => {
    proxy.close();
    await fixture.stop();
  });

  it('is reached by client, worker and command line with the settings of the environment', async () => {
    const connection = await connect(environment());
    const described = await connection.client.connection.workflowService.describeNamespace({
      namespace: 'default',
    });
    assert.equal(described.namespaceInfo?.name, 'default');
    await connection.close();
    const settings = configuredTemporal(environment());
    const native = await NativeConnection.connect({ ...settings?.options });
    await native.workflowService.getSystemInfo({});
    await native.close();
    const before = proxy.served();
    const list = await runCli(['list'], { cwd: fixture.directory, env: environment() });
    assert.equal(list.exitCode, 0, list.stderr);
    assert.ok(proxy.served() > before);
  });

  it('is refused at once, with the setting to correct, when another authority signed its certificate', async () => {
    const env = environment({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificatePath('other-ca.pem') });
    await assert.rejects(connect(env), (error: Error) => {
      assert.match(error.message, /certificate/);
      assert.match(error.message, /TEMPORAL_TLS_SERVER_CA_CERT_PATH/);
      assert.ok(error.message.includes(proxy.address));
      return true;
    });
    const { exitCode, stderr } = await runCli(['list'], { cwd: fixture.directory, env });
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /certificate/);
  });

  it('is refused when its certificate is for another name', async () => {
    const env = environment({ TEMPORAL_TLS_SERVER_NAME: 'another.test' });
    await assert.rejects(connect(env), /certificate.*another\.test/s);
  });

  it('says that it is the API key which is refused, without repeating it', async () => {
    await assert.rejects(connect(environment({ TEMPORAL_API_KEY: 'mellon' })), (error: Error) => {
      assert.match(error.message, /TEMPORAL_API_KEY/);
      assert.doesNotMatch(error.message, /mellon/);
      return true;
    });
  });
});
