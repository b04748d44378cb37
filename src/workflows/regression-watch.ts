// After the report: the result held against what came before it, and word sent where it is worse. History and messages are
// extras, so that nothing that goes wrong with them costs a measured benchmark its result.
// No `patched()` is needed: benchmarks prepared by an earlier version have no watch in their history, and so none here.

import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { isCancellation, workflowInfo } from '@temporalio/workflow';
import type { HostFacts, NotifyChannel, WrittenReport } from '../activities/interface.ts';
import type { RegressionFinding } from '../contract/history.ts';
import type { RegressionWatch } from '../contract/regression-watch.ts';
import type { BenchmarkContext } from './benchmark-context.ts';
import type { Home } from './home.ts';

export interface WatchResult {
  readonly finding: RegressionFinding | null;
  /** Markdown for the current details. */
  readonly lines: readonly string[];
}

export async function watchRegression(
  { home, key, prepared }: BenchmarkContext,
  host: HostFacts,
  written: WrittenReport,
): Promise<WatchResult> {
  const { watch } = prepared;
  if (watch === undefined || !isWanted(watch)) return { finding: null, lines: [] };
  try {
    const finding = await home.at(host, (near) =>
      near.judgeRegression({ benchmarkId: key.workflowId, watch }),
    );
    const isWorse = finding.kind === 'regressed';
    return {
      finding,
      lines: [
        ...(isWorse ? [] : ['', ...finding.reasons.map((reason) => `History: ${reason}`)]),
        ...(isWorse
          ? await notifyAll({ home, host, watch, finding, written, benchmarkId: key.workflowId })
          : []),
      ],
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { finding: null, lines: ['', `Not compared with its history: ${messageOf(error)}`] };
  }
}

function isWanted(watch: RegressionWatch): boolean {
  if (watch.against === 'off') return false;
  return watch.against !== 'auto' || watch.failOnRegression || isScheduled();
}

const SCHEDULED_BY = defineSearchAttributeKey('TemporalScheduledById', SearchAttributeType.KEYWORD);

/** Set by the server on what a schedule starts, by whatever client the schedule was made. */
function isScheduled(): boolean {
  return workflowInfo().typedSearchAttributes.get(SCHEDULED_BY) !== undefined;
}

interface Regression {
  readonly benchmarkId: string;
  readonly home: Home;
  readonly host: HostFacts;
  readonly watch: RegressionWatch;
  readonly finding: RegressionFinding;
  readonly written: WrittenReport;
}

/** One activity for each channel, so that a second try of one does not repeat the other. */
async function notifyAll(regression: Regression): Promise<string[]> {
  const { benchmarkId, finding, home, host, watch, written } = regression;
  const message = {
    kind: 'loombench-regression',
    benchmarkId,
    verdict: 'REGRESSED',
    finding,
    markdown: regressionMarkdown(benchmarkId, finding),
    report: written.report.path,
    host: host.host,
  } as const;
  const channels: NotifyChannel[] = [
    ...(watch.notifyCommand === ''
      ? []
      : [{ kind: 'command' as const, command: watch.notifyCommand }]),
    ...(watch.notifyWebhook === '' ? [] : [{ kind: 'webhook' as const, url: watch.notifyWebhook }]),
  ];
  const lines = await Promise.all(
    channels.map(async (channel) => {
      try {
        await home.at(host, (near) => near.notify({ channel, message }));
        return [];
      } catch (error) {
        if (isCancellation(error)) throw error;
        return ['', `No word was sent by ${channel.kind}: ${messageOf(error)}`];
      }
    }),
  );
  return lines.flat();
}

function regressionMarkdown(benchmarkId: string, { reasons }: RegressionFinding): string {
  return [`**REGRESSED** ${benchmarkId}`, '', ...reasons.map((reason) => `- ${reason}`)].join('\n');
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
