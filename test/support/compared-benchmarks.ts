// Real benchmarks of the embedded target, measured side by side in pieces and compared by the command line as a user would.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Comparison, MetricComparison } from '../../src/contract/comparison.ts';
import type { JsonReport } from '../../src/contract/report.ts';
import { runCli, type CliResult } from './cli-process.ts';

export interface Amount {
  readonly runs: number;
  readonly calls: number;
}

export class ComparedBenchmarks {
  readonly #cwd: string;
  readonly #amount: Amount;

  constructor(cwd: string, amount: Amount) {
    this.#cwd = cwd;
    this.#amount = amount;
  }

  cli(...args: string[]): Promise<CliResult> {
    return runCli(args, { cwd: this.#cwd, env: { LOOMBENCH_HOST_LOCK: 'off' } });
  }

  /**
   * So many runs more in the file: one call every 25 ms on an LLM time without jitter. A closed loop would call oftener where
   * the LLM time is shorter, and a processor that is called oftener answers sooner: 0.75 ms of a call instead of 0.95, which
   * would be part of the difference.
   */
  async measure(file: string, baseLatency: string, ...flags: string[]): Promise<void> {
    const { runs, calls } = this.#amount;
    const { exitCode, stderr } = await this.cli(
      ...[
        'run',
        '--local',
        '--runs',
        `${runs}`,
        '--warmup-runs',
        '0',
        '-n',
        `${calls}`,
        '--rate',
        '40',
        '--arrival',
        'constant',
      ],
      ...['--llm-base-latency', baseLatency, '--llm-jitter', '0ms', '--scenario-name', 'shift'],
      ...['--no-collect-histogram', '--no-collect-gc-correlation', '--no-collect-resources'],
      ...['-o', `new-${file}`, ...flags],
    );
    assert.ok(exitCode === 0 || exitCode === 3, stderr);
    const earlier = existsSync(join(this.#cwd, file)) ? (await this.read(file)).runs : [];
    const report = usable(await this.read(`new-${file}`));
    await this.write(file, { ...report, runs: [...earlier, ...report.runs] });
  }

  async read(file: string): Promise<JsonReport> {
    // Our own report, whose shape other tests check.
    return JSON.parse(await readFile(join(this.#cwd, file), 'utf8')) as JsonReport;
  }

  write(file: string, report: JsonReport): Promise<void> {
    return writeFile(join(this.#cwd, file), JSON.stringify(report));
  }

  async compare(...args: string[]): Promise<Comparison> {
    const { stdout, stderr } = await this.cli('compare', ...args, '--format', 'json');
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout) as Comparison; // as above
  }

  async p50(...args: string[]): Promise<MetricComparison> {
    const { candidates } = await this.compare(...args);
    return candidates[0]?.metrics.find(({ metric }) => metric === 'latency_p50') ?? assert.fail();
  }
}

/** What a busy host does to the gates is not what a comparison of figures is about. */
function usable(report: JsonReport): JsonReport {
  const verdict = 'WARN' as const;
  const runs = report.runs.map((run) => ({ ...run, loombench: { ...run.loombench, verdict } }));
  return { ...report, runs, loombench: { ...report.loombench, verdict } };
}
