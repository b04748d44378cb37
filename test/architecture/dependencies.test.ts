import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { repositoryRoot as root } from '../support/repository.ts';

const require = createRequire(import.meta.url);

function cruise(directory: string): { status: number | null; output: string } {
  const bin = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const ran = spawnSync(process.execPath, [bin, '--config', '.dependency-cruiser.cjs', 'src'], {
    cwd: directory,
    encoding: 'utf8',
  });
  return { status: ran.status, output: `${ran.stdout}${ran.stderr}` };
}

describe('the dependencies', () => {
  it('give all Temporal packages one and the same protobufjs, or replay from JSON breaks', () => {
    const resolved = ['common', 'proto', 'worker', 'client'].map((name) =>
      createRequire(require.resolve(`@temporalio/${name}`)).resolve('protobufjs'),
    );
    assert.equal(new Set(resolved).size, 1, resolved.join('\n'));
  });

  it('are all of one Temporal version: a bundle and its worker must agree', () => {
    const names = ['activity', 'client', 'common', 'envconfig', 'worker', 'workflow'];
    const versions = names.map((name) => {
      const entry = require.resolve(`@temporalio/${name}`);
      const at = entry.slice(0, entry.lastIndexOf(join('@temporalio', name)));
      const manifest = require(join(at, '@temporalio', name, 'package.json')) as {
        version: string;
      };
      return manifest.version;
    });
    assert.equal(new Set(versions).size, 1, versions.join(' '));
  });

  it('between the rooms go only through the doors that the table allows', () => {
    const { status, output } = cruise(root);
    assert.equal(status, 0, output);
  });

  it('are refused when a workflow takes a value from an activity, or the contract looks into a room', () => {
    const planted = mkdtempSync(join(tmpdir(), 'loombench-doors-'));
    try {
      for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
        cpSync(join(root, name), join(planted, name));
      }
      symlinkSync(join(root, 'node_modules'), join(planted, 'node_modules'));
      for (const room of ['contract', 'activities', 'workflows', 'harness']) {
        mkdirSync(join(planted, 'src', room), { recursive: true });
      }
      writeFileSync(join(planted, 'src/harness/load.ts'), 'export const load = 1;\n');
      writeFileSync(
        join(planted, 'src/contract/noun.ts'),
        "import { load } from '../harness/load.ts';\nexport const noun = load;\n",
      );
      writeFileSync(join(planted, 'src/activities/act.ts'), 'export const act = 1;\n');
      writeFileSync(
        join(planted, 'src/workflows/flow.ts'),
        "import { act } from '../activities/act.ts';\nexport const flow = act;\n",
      );
      const { status, output } = cruise(planted);
      assert.notEqual(status, 0);
      assert.match(output, /contract-doors/);
      assert.match(output, /workflows-types-only/);
    } finally {
      rmSync(planted, { recursive: true, force: true });
    }
  });
});
