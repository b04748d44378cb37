// The table and what follows from it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { reportJsonSchema } from '../../src/artifacts/report-schema.ts';
import { cliOptions } from '../../src/config/cli-options.ts';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { OPTION_ENTRIES, OPTION_KEYS, OPTIONS } from '../../src/config/option-table.ts';
import { optionsMarkdown } from '../../src/config/options-markdown.ts';

describe('the option table', () => {
  it('has each key once over all groups', () => {
    assert.equal(new Set(OPTION_KEYS).size, OPTION_KEYS.length);
    assert.deepEqual([...OPTION_KEYS].sort(), Object.keys(OPTIONS).sort());
  });

  it('offers every flag that scripts rely on', () => {
    const flags = new Set(
      cliOptions
        .flatMap(({ flags, negatedFlags }) => [flags, negatedFlags ?? ''])
        .map((text) => /--[a-z-]+/.exec(text)?.[0]),
    );
    const promised =
      '--concurrency --total-requests --duration --request-timeout --use-streaming --query --ramp-up ' +
      '--llm-concurrency-limit --session-id --num-agents --server-addr --runs --warmup-runs --per-run-warmup ' +
      '--scenario-name --output-path --llm-base-latency --llm-jitter --llm-error-rate --stream-chunk-size ' +
      '--stream-chunk-delay --seed --no-collect-time-series --no-collect-histogram --no-collect-resources ' +
      '--no-collect-gc-correlation';
    assert.deepEqual(
      promised.split(' ').filter((flag) => !flags.has(flag)),
      [],
    );
  });

  it('has the short flags that users know', () => {
    const short = cliOptions
      .filter(({ flags }) => /^-\w, /.test(flags))
      .map(({ flags }) => flags.slice(0, 2));
    assert.deepEqual(short.sort(), ['-c', '-n', '-t', '-z']);
  });

  it('has help for every option, without a full stop', () => {
    for (const { option } of OPTION_ENTRIES) assert.match(option.help, /\w.*[^.]$/);
  });

  it('makes one Markdown row of five cells per option', () => {
    const rows = optionsMarkdown().trimEnd().split('\n').slice(2);
    assert.equal(rows.length, OPTION_KEYS.length);
    for (const row of rows) assert.equal(row.split(/(?<!\\)\|/).length, 7, row);
  });
});

describe('the published schemas', () => {
  for (const [name, schema] of [
    ['config', configJsonSchema()],
    ['report', reportJsonSchema()],
  ] as const) {
    it(`are those of the code: ${name} (run npm run gen when this fails)`, () => {
      const url = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
      assert.deepEqual(JSON.parse(readFileSync(url, 'utf8')), JSON.parse(JSON.stringify(schema)));
    });
  }

  it('let no unknown key into a config file and require none', () => {
    const schema = configJsonSchema();
    assert.equal(schema['additionalProperties'], false);
    assert.equal(schema['required'], undefined);
    assert.deepEqual(Object.keys(schema['properties'] ?? {}).sort(), [...OPTION_KEYS].sort());
  });
});
