// The page of a report, as text; what a browser makes of it is tested in test/e2e.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { BenchmarkReport } from '../../src/contract/benchmark-report.ts';
import type { TimelineBucket } from '../../src/contract/run-result.ts';
import { latencyDistributions } from '../../src/harness/recording/stored-distributions.ts';
import { htmlText } from '../../src/report/html/page.ts';
import { PAGE_STYLE, PAGE_STYLE_HASH } from '../../src/report/html/page-style.ts';
import { timelinesOf } from '../../src/report/html/timeline.ts';
import { toJson } from '../../src/report/to-json.ts';
import { ALL_FAILED, sampleReport, storedRun, streamingChanges } from './sample-report.ts';

function page(changes: Partial<BenchmarkReport> = {}): string {
  const report = toJson(sampleReport(changes));
  return htmlText(report, latencyDistributions(report));
}

const ATTACK = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>';

describe('the page of a report', () => {
  it('allows its own style and nothing else: the policy holds the hash of the style', () => {
    const digest = createHash('sha256').update(PAGE_STYLE).digest('base64');
    assert.equal(PAGE_STYLE_HASH, `sha256-${digest}`);
    const text = page();
    assert.ok(text.includes(`<style>${PAGE_STYLE}</style>`), 'not a blank more than was hashed');
    assert.match(text, /content="default-src &#39;none&#39;; style-src &#39;sha256-/);
  });

  it('has no script, no handler, no inline style and no address to load from, whatever its texts say', () => {
    const config = { ...sampleReport().config, scenarioName: ATTACK, query: ATTACK };
    const topErrors = [{ status: ATTACK, message: ATTACK, count: 3 }];
    const warnings = [{ code: ATTACK, message: ATTACK }];
    const run = storedRun(1, { topErrors, warnings });
    const text = page({ config, runs: [run], warnings, reasons: [ATTACK] });
    assert.doesNotMatch(text, /<(script|img|iframe|object|link|base|form)\b/i);
    for (const [tag] of text.matchAll(/<[a-z][^>]*>/gi)) {
      assert.doesNotMatch(tag, /\s(on\w+|src|style|action)\s*=/i);
      assert.doesNotMatch(tag, /\shref="(?!#)/i);
    }
    assert.ok(text.includes('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;'));
  });

  it('is whole for reports in which everything or much is missing, and gives reasons in place of figures', () => {
    for (const changes of [ALL_FAILED, { runs: [] }, streamingChanges()]) {
      const text = page(changes);
      assert.doesNotMatch(text, /NaN|Infinity|undefined|\[object/);
      assert.ok(text.endsWith('</html>\n'));
      const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      assert.equal(new Set(ids).size, ids.length);
    }
    assert.match(page({ runs: [] }), /– no run was measured/);
    const bare = storedRun(1, { timeline: null, resources: null, gc: null });
    assert.match(page({ runs: [bare] }), /– no time series was collected/);
    assert.match(page({ runs: [bare] }), /– resources were not sampled/);
  });

  it('names metadata that was sent, and keeps its values to itself', () => {
    const config = { ...sampleReport().config, metadata: { authorization: 'Bearer secret-1' } };
    const text = page({ config });
    assert.match(text, /metadata\.authorization/);
    assert.doesNotMatch(text, /secret-1/);
  });
});

function second(at: number): TimelineBucket {
  return {
    second: at,
    requests: at,
    errors: 0,
    p50_us: 1000,
    p99_us: at % 2 === 0 ? null : 2000 + at,
    mean_us: 1000,
    starts: at,
    inFlightAtEnd: 0,
  };
}

describe('the seconds that a page draws', () => {
  it('are all there in a report of usual length', () => {
    const timeline = Array.from({ length: 90 }, (_, at) => second(at));
    const { runs, secondsPerPoint } = timelinesOf(
      toJson(sampleReport({ runs: [storedRun(1, { timeline })] })),
    );
    assert.equal(secondsPerPoint, 1);
    assert.deepEqual(runs[0]?.points[7], {
      atS: 7.5,
      requestsPerS: 7,
      errorsPerS: 0,
      p50Us: 1000,
      p99Us: 2007,
      inFlight: 0,
    });
  });

  it('are put together where they are many: mean rates, greatest latencies', () => {
    const timeline = Array.from({ length: 6000 }, (_, at) => second(at));
    const { runs, secondsPerPoint } = timelinesOf(
      toJson(sampleReport({ runs: [storedRun(1, { timeline })] })),
    );
    assert.equal(secondsPerPoint, 2);
    assert.equal(runs[0]?.points.length, 3000);
    // Seconds 10 and 11: (10 + 11) / 2 calls/s, and only 11 has a p99.
    const { atS, requestsPerS, p99Us } = runs[0].points[5] ?? {};
    assert.deepEqual({ atS, requestsPerS, p99Us }, { atS: 11, requestsPerS: 10.5, p99Us: 2011 });
  });
});
