import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { BenchmarkConfig } from '../../src/contract/config.ts';
import { planText } from '../../src/report/plan-text.ts';

function configOf(raw: Readonly<Record<string, unknown>>): BenchmarkConfig {
  const resolved = resolveConfig(raw);
  assert(resolved.kind === 'ok');
  return resolved.config;
}

describe('what a benchmark is going to be, in words', () => {
  it('is one line and a list that names target, load and runs', () => {
    const { summary, details } = planText(
      configOf({ runs: 3, duration: '5s', concurrency: 7, scenarioName: 'nightly' }),
    );
    assert.match(summary, /^nightly · 3 runs of 5 s.* · closed loop of 7 workers, Weave$/);
    assert.match(details, /^- \*\*Target:\*\* embedded, LLM /m);
    assert.match(details, /^- \*\*Runs:\*\* 3 runs of 5 s/m);
    assert.match(details, /`pause` and `resume`/);
  });

  it('names a server of the user, streams, and calls instead of a time', () => {
    const { summary, details } = planText(
      configOf({ runs: 1, totalRequests: 100, serverAddr: 'loom:60051', useStreaming: true }),
    );
    assert.match(summary, /1 run of 100 calls.*StreamWeave/);
    assert.match(details, /^- \*\*Target:\*\* loom:60051/m);
  });
});
