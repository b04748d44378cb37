import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  configuredTemporal,
  connectToTemporal,
  embeddedTemporal,
} from '../../src/temporal/connection.ts';

const nowhere = { TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml' };

describe('the Temporal connection settings', () => {
  it('are absent when the user configured none, which asks for the embedded server', () => {
    assert.equal(configuredTemporal({ ...nowhere }), null);
  });

  it('come from the TEMPORAL_ variables, with no undefined left for the SDK to trip over', () => {
    const settings = configuredTemporal({
      ...nowhere,
      TEMPORAL_ADDRESS: 'temporal.example:7233',
      TEMPORAL_NAMESPACE: 'bench',
    });
    assert.equal(settings?.address, 'temporal.example:7233');
    assert.equal(settings.namespace, 'bench');
    assert.ok(Object.values(settings.options).every((value) => (value as unknown) !== undefined));
    const keyed = configuredTemporal({
      ...nowhere,
      TEMPORAL_ADDRESS: 'a:1',
      TEMPORAL_API_KEY: 'k',
    });
    assert.equal(keyed?.options.apiKey, 'k');
    assert.equal(keyed.options.tls, true);
  });

  it('come from a profile, and a profile that is not there is an error, not the default', () => {
    const directory = mkdtempSync(join(tmpdir(), 'loombench-profile-'));
    const file = join(directory, 'temporal.toml');
    writeFileSync(file, '[profile.lab]\naddress = "lab:7233"\nnamespace = "lab"\n');
    const env = { TEMPORAL_CONFIG_FILE: file };
    assert.equal(configuredTemporal({ ...env, TEMPORAL_PROFILE: 'lab' })?.address, 'lab:7233');
    assert.throws(() => configuredTemporal({ ...env, TEMPORAL_PROFILE: 'nope' }), {
      code: 'config-invalid',
    });
    rmSync(directory, { recursive: true });
  });

  it('end in a sentence with the address and the next step when nobody answers', async () => {
    await assert.rejects(connectToTemporal(embeddedTemporal('127.0.0.1:1')), (error: Error) => {
      assert.match(error.message, /127\.0\.0\.1:1.*TEMPORAL_ADDRESS/s);
      return true;
    });
  });
});
