// After the report: the result held against what came before it, and word sent where it is worse. History and messages are
// extras, so that nothing that goes wrong with them costs a measured benchmark its result.
// No `patched()` is needed: benchmarks prepared by an earlier version have no watch in their history, and so none here.

import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { isCancellation, workflowInfo } from '@temporalio/workflow';
import type {
  BenchmarkActivities,
  HostFacts,
  NotifyChannel,
  NotifyMessage,
  RegressionMessage,
  WrittenReport,
} from '../activities/interface.ts';
import type { RegressionFinding } from '../contract/history.ts';
import { MEMO_WATCHED } from '../contract/ids.ts';
import type { RegressionWatch } from '../contract/regression-watch.ts';
import type { BenchmarkContext } from './benchmark-context.ts';

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
  if (watch === undefined || !isWatched(watch)) return { finding: null, lines: [] };
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
          ? await notifyAll(
              (notice) => home.at(host, (near) => near.notify(notice)),
              watch,
              messageFor({ benchmarkId: key.workflowId, finding, host, written }),
            )
          : []),
      ],
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { finding: null, lines: ['', `Not compared with its history: ${messageOf(error)}`] };
  }
}

interface Regression {
  readonly benchmarkId: string;
  readonly finding: RegressionFinding;
  readonly host: HostFacts;
  readonly written: WrittenReport;
}

function messageFor({ benchmarkId, finding, host, written }: Regression): RegressionMessage {
  return {
    kind: 'loombench-regression',
    benchmarkId,
    verdict: 'REGRESSED',
    finding,
    markdown: regressionMarkdown(benchmarkId, finding.reasons),
    report: written.report.path,
    host: host.host,
  };
}

/** Of this workflow, a benchmark or a suite. */
export function isWatched(watch: RegressionWatch): boolean {
  if (watch.against === 'off') return false;
  const asked = watch.against !== 'auto' || watch.failOnRegression;
  return asked || isScheduled() || workflowInfo().memo?.[MEMO_WATCHED] === true;
}

const SCHEDULED_BY = defineSearchAttributeKey('TemporalScheduledById', SearchAttributeType.KEYWORD);

/** Set by the server on what a schedule starts, by whatever client the schedule was made. */
function isScheduled(): boolean {
  return workflowInfo().typedSearchAttributes.get(SCHEDULED_BY) !== undefined;
}

/** One activity for each channel, so that a second try of one does not repeat the other. Markdown of what went wrong. */
export async function notifyAll(
  notify: BenchmarkActivities['notify'],
  watch: RegressionWatch,
  message: NotifyMessage,
): Promise<string[]> {
  const channels: NotifyChannel[] = [
    ...(watch.notifyCommand === ''
      ? []
      : [{ kind: 'command' as const, command: watch.notifyCommand }]),
    ...(watch.notifyWebhook === '' ? [] : [{ kind: 'webhook' as const, url: watch.notifyWebhook }]),
  ];
  const lines = await Promise.all(
    channels.map(async (channel) => {
      try {
        await notify({ channel, message });
        return [];
      } catch (error) {
        if (isCancellation(error)) throw error;
        return ['', `No word was sent by ${channel.kind}: ${messageOf(error)}`];
      }
    }),
  );
  return lines.flat();
}

export function regressionMarkdown(id: string, reasons: readonly string[]): string {
  return [`**REGRESSED** ${id}`, '', ...reasons.map((reason) => `- ${reason}`)].join('\n');
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
