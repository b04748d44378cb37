// Which source wins, and how text from flags, environment and files becomes values.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseConfigText, readConfigFile } from '../../src/config/config-file.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { mergeSources, rawFromEnvironment, rawFromFlags } from '../../src/config/sources.ts';

describe('settings from several sources', () => {
  it('are taken from flags, then environment, then file, then scenario, then defaults', () => {
    const { raw, origins } = mergeSources({
      flags: { runs: 1 },
      environment: { runs: 2, concurrency: 20 },
      file: { runs: 3, concurrency: 30, query: 'file', scenario: 'quick' },
    });
    assert.deepEqual(raw, { runs: 1, concurrency: 20, query: 'file', scenario: 'quick' });
    assert.equal(origins.runs, 'flag');
    assert.equal(origins.concurrency, 'environment');
    assert.equal(origins.query, 'file');
    assert.equal(origins.duration, 'scenario');
    assert.equal(origins.seed, 'default');
    const resolved = resolveConfig(raw);
    assert.ok(resolved.kind === 'ok');
    assert.equal(resolved.config.durationMs, 5000);
  });

  it('agree on how a run ends: the upper source takes the decision whole', () => {
    const byCount = mergeSources({ flags: { totalRequests: 5 }, file: { duration: '5s' } });
    assert.deepEqual(byCount.raw, { totalRequests: 5 });
    const byDuration = mergeSources({ flags: { duration: '5s' }, file: { totalRequests: 5 } });
    assert.deepEqual(byDuration.raw, { duration: '5s' });
    assert.equal(byDuration.origins.totalRequests, 'default');
  });

  it('still conflict within one source', () => {
    const { raw } = mergeSources({ file: { duration: '5s', totalRequests: 5 } });
    assert.equal(resolveConfig(raw).kind, 'invalid');
  });

  it('keep unknown keys of a file, so that they are refused later', () => {
    assert.deepEqual(mergeSources({ file: { durration: '5s' } }).raw, { durration: '5s' });
  });
});

describe('flags', () => {
  it('become the values that a file would have', () => {
    const flags = {
      concurrency: '20',
      llmErrorRate: '0.3',
      duration: '5s',
      useStreaming: true,
      collectHistogram: false,
      sessionId: '007',
      rate: 'max',
      maxReceiveMessageSize: '16MiB',
      metadata: ['a=1', 'b=x=y'],
      json: true,
      runs: undefined,
    };
    assert.deepEqual(rawFromFlags(flags), {
      concurrency: 20,
      llmErrorRate: 0.3,
      duration: '5s',
      useStreaming: true,
      collectHistogram: false,
      sessionId: '007',
      rate: 'max',
      maxReceiveMessageSize: '16MiB',
      metadata: { a: '1', b: 'x=y' },
    });
  });

  it('that do not convert stay text and are refused by their key', () => {
    const raw = rawFromFlags({ concurrency: 'ten', runs: '', metadata: ['novalue'] });
    const resolved = resolveConfig(raw);
    assert.ok(resolved.kind === 'invalid');
    assert.deepEqual(
      resolved.problems.map(({ path }) => path),
      ['concurrency', 'runs', 'metadata'],
    );
  });
});

describe('environment variables', () => {
  it('are read by upper-case names', () => {
    const { raw, problems } = rawFromEnvironment({
      LOOMBENCH_LLM_BASE_LATENCY: '10ms',
      LOOMBENCH_USE_STREAMING: 'true',
      LOOMBENCH_COLLECT_GC_CORRELATION: 'false',
      LOOMBENCH_METADATA: '{"a":"b"}',
      LOOMBENCH_RUNS: '',
      PATH: '/bin',
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(raw, {
      llmBaseLatency: '10ms',
      useStreaming: true,
      collectGcCorrelation: false,
      metadata: { a: 'b' },
    });
  });

  it('that nearly name an option are refused, others that are not options are left alone', () => {
    const { problems } = rawFromEnvironment({
      LOOMBENCH_CONCURENCY: '5',
      LOOMBENCH_HOME: '/x',
      LOOMBENCH_SOMETHING_ELSE: '1',
    });
    assert.deepEqual(
      problems.map(({ path, hint }) => [path, hint]),
      [['LOOMBENCH_CONCURENCY', 'did you mean LOOMBENCH_CONCURRENCY?']],
    );
  });
});

describe('a config file', () => {
  it('is YAML or JSON with option keys', () => {
    const yaml = parseConfigText(
      '# mine\nduration: 5s\nmetadata:\n  a: b\ncollectHistogram: false\n',
      'a.yaml',
    );
    const json = parseConfigText(
      '{"duration":"5s","metadata":{"a":"b"},"collectHistogram":false}',
      'a.json',
    );
    assert.deepEqual(yaml, json);
    assert.ok(yaml.kind === 'ok');
    assert.equal(resolveConfig(yaml.raw).kind, 'ok');
  });

  it('may be empty', () => {
    assert.deepEqual(parseConfigText('', 'a.yaml'), { kind: 'ok', raw: {} });
  });

  for (const [name, content] of [
    ['a.json', '{"runs": 1,}'],
    ['a.yaml', 'runs: [1'],
    ['a.yaml', 'runs: 1\nruns: 2\n'],
    ['a.yaml', '- runs'],
    ['a.yaml', 'just text'],
  ] as const) {
    it(`is refused with its name when it holds ${JSON.stringify(content)}`, () => {
      const parsed = parseConfigText(content, name);
      assert.ok(parsed.kind === 'invalid');
      assert.equal(parsed.problems[0]?.path, name);
    });
  }

  it('does not blow up on nested aliases', () => {
    const lines = ['a0: &a0 [x, x]'];
    for (let level = 1; level < 30; level += 1) {
      lines.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`);
    }
    assert.equal(parseConfigText(lines.join('\n'), 'bomb.yaml').kind, 'invalid');
  });

  it('that cannot be read is a problem with its path', () => {
    const directory = mkdtempSync(join(tmpdir(), 'loombench-config-'));
    try {
      for (const path of [directory, join(directory, 'none.yaml')]) {
        const read = readConfigFile(path);
        assert.ok(read.kind === 'invalid');
        assert.equal(read.problems[0]?.path, path);
      }
      const path = join(directory, 'c.yaml');
      writeFileSync(path, 'runs: 3\n');
      assert.deepEqual(readConfigFile(path), { kind: 'ok', raw: { runs: 3 } });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
