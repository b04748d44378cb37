// A comparison as text and as Markdown: the answer first, figures with units, nothing that is not a number.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comparisonMarkdown, comparisonText } from '../../src/report/comparison-text.ts';
import { compareReports } from '../../src/statistics/compare-reports.ts';
import { golden } from './golden.ts';
import { reportOf } from '../support/comparison-reports.ts';

const around = (us: number): number[] => [1, 2, 3, 4, 5, 6, 7, 8].map((step) => us + 10 * step);
const slower = compareReports(
  reportOf('main.json', around(10_000)),
  [reportOf('branch.json', around(20_000))],
  { equivalenceMargin: 0.03, regressionLimit: 0.05 },
);

describe('a comparison', () => {
  it('begins with the answer, in text and in Markdown', () => {
    assert.match(
      comparisonText(slower),
      /^REGRESSION: throughput_rps -49\.9 %, latency_p50 \+99\.6 %/,
    );
    assert.match(comparisonMarkdown(slower), /^\*\*REGRESSION: throughput\\_rps -49\.9 %/);
  });

  it('shows both medians, change and shift with their intervals, and the verdict', () => {
    assert.match(
      comparisonText(slower),
      /^latency_p50 +10\.0[45] ms +20\.0[45] ms +\+99\.6 % +\+99\.\d % … \+100\.\d % +\+10\.00 ms +\+9\.\d+ ms … \+10\.0\d ms +0\.0006 +REGRESSION: different, worse$/m,
    );
  });

  it('says the reason of each verdict once, with the metrics that it holds for', () => {
    const lines = comparisonText(slower).split('\n');
    const reasons = lines.filter((line) => /^ {2}(different|equivalent|inconclusive): /.test(line));
    assert.deepEqual(reasons, [
      '  different: the runs differ by more than chance explains (throughput_rps, latency_p50, latency_p95, latency_p99)',
      '  equivalent: any difference is within the margin (error_rate)',
    ]);
  });

  it('is as it was, of two candidates', () => {
    const both = compareReports(
      reportOf('main.json', around(10_000)),
      [reportOf('same.json', around(10_005)), reportOf('branch.json', around(20_000))],
      { equivalenceMargin: 0.03, regressionLimit: 0.05 },
    );
    golden('comparison.txt', comparisonText(both));
    golden('comparison.md', comparisonMarkdown(both));
  });

  it('has the same cells in both', () => {
    const plain = comparisonText(slower);
    const cells = comparisonMarkdown(slower)
      .split('\n')
      .filter((line) => line.startsWith('| latency'))
      .flatMap((line) =>
        line.split(' | ').map((cell) => cell.replaceAll('\\', '').replace(/^\| | \|$/g, '')),
      );
    assert.ok(cells.length > 20);
    for (const cell of cells) assert.ok(plain.includes(cell), cell);
  });

  it('says that inconclusive is not "no difference", and never claims there is none', () => {
    const noise = compareReports(
      reportOf('a', [10_000, 12_000, 9000, 13_000, 8000, 11_000]),
      [reportOf('b', [10_100, 12_500, 9100, 12_900, 8300, 11_200])],
      { equivalenceMargin: 0.03, regressionLimit: null },
    );
    const text = comparisonText(noise);
    assert.match(text, /^INCONCLUSIVE: throughput_rps, latency_p50/);
    assert.match(text, /Inconclusive is not "no difference"\./);
    assert.doesNotMatch(text, /NaN|Infinity|undefined|null/);
  });

  it('shows names from files as text, not as markup', () => {
    const named = compareReports(
      reportOf('a|<b>.json', around(10_000)),
      [reportOf('c', around(10_000), { verdict: 'INVALID' })],
      { equivalenceMargin: 0.03, regressionLimit: null },
    );
    const markdown = comparisonMarkdown(named);
    assert.ok(markdown.includes('a\\|\\<b\\>.json'));
    assert.match(markdown, /- forced although c is INVALID/);
  });
});
