// A suite on stderr: a block that is redrawn on a terminal, one line per finished level elsewhere.

import { createLogUpdate } from 'log-update';
import type { LiveProgress } from '../../temporal/benchmark-client.ts';
import type { SuiteProgress } from '../../contract/suite.ts';
import { waitingForTargetText } from '../../contract/target-lease.ts';
import { durationText, numberText } from '../../report/number-text.ts';
import { metricText, metricWords } from '../../report/suite-words.ts';
import { outcomeText } from '../../report/suite-tables.ts';
import { say, type CliContext } from '../context.ts';

export interface SuiteViewState {
  readonly suiteId: string;
  readonly progress: SuiteProgress;
  /** Of the level under way; null between levels. */
  readonly level: LiveProgress | null;
}

export interface SuiteView {
  show(state: SuiteViewState): void;
  close(): void;
}

export function createSuiteView(context: CliContext): SuiteView {
  const redraws = context.stderr.isTTY === true && context.env['TERM'] !== 'dumb';
  const redraw = redraws ? createLogUpdate(process.stderr) : null;
  let told = 0;
  return {
    show: ({ suiteId, progress, level }) => {
      const news = progress.finished.slice(told);
      told = progress.finished.length;
      if (news.length > 0) redraw?.clear();
      for (const result of news) say(context, finishedLine(result, progress));
      redraw?.(blockLines(suiteId, progress, level).join('\n'));
    },
    close: () => redraw?.clear(),
  };
}

export function finishedLine(
  { scenario, level, position, outcome }: SuiteProgress['finished'][number],
  { levels }: Pick<SuiteProgress, 'levels'>,
): string {
  const place = `level ${position} of ${levels}: ${scenario}/${level}`;
  if (outcome.kind !== 'measured') return `${place} ${outcomeText(outcome)}`;
  const { throughput, latencyP50, latencyP99 } = outcome.figures;
  const verdict = outcome.trial === undefined ? outcome.verdict : outcomeText(outcome);
  const unit = metricWords('latencyP50').unit;
  return (
    `${place} ${verdict}, ${metricText('throughput', throughput.median)} calls/s, ` +
    `p50 ${metricText('latencyP50', latencyP50.median)} ${unit}, p99 ${metricText('latencyP99', latencyP99.median)} ${unit}`
  );
}

export function blockLines(
  suiteId: string,
  progress: SuiteProgress,
  level: LiveProgress | null,
): string[] {
  const { stage, finished, levels, remainingMs } = progress;
  const left = durationText(Math.round(remainingMs / 1000) * 1000);
  const head = `suite ${suiteId}: ${finished.length} of ${levels} levels, about ${left} to go`;
  if (stage.kind === 'waiting-for-target') return [head, waitingForTargetText(stage)];
  if (stage.kind !== 'measuring') return [head, stage.kind.replace('-', ' ')];
  const run = level?.live ?? null;
  const speed = run?.recentRps ?? null;
  const text =
    run === null
      ? ''
      : `, ${run.phase} run ${run.index}, ${run.stage}${speed === null ? '' : `, ${numberText(speed)} calls/s`}`;
  return [head, `level ${stage.position}: ${stage.benchmarkId}${text}`];
}
