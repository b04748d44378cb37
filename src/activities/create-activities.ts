// The activities by the names that history knows, each a few lines around what does the work.

import { resolve } from 'node:path';
import { Context } from '@temporalio/activity';
import type { BenchmarkReport, ReportedRun } from '../contract/benchmark-report.ts';
import { hostTaskQueue } from '../contract/ids.ts';
import { leaseIdOf } from '../contract/target-lease.ts';
import { besideReport } from '../contract/report-format.ts';
import { DEFAULT_WATCH } from '../contract/regression-watch.ts';
import type { StoredRun } from '../contract/run-result.ts';
import { plannedRuns } from '../statistics/precision.ts';
import { invalidInput, mapped } from './application-failure.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type {
  BenchmarkActivities,
  BenchmarkFacts,
  BenchmarkSummary,
  ReportRequest,
  RunRef,
  WrittenReport,
} from './interface.ts';
import { judgeRegression } from './judge-regression.ts';
import { measureRun } from './measure-run.ts';
import { notify } from './notify.ts';
import { wholeText } from '../runtime/atomic-file.ts';

export function createActivities(deps: ActivityDependencies): BenchmarkActivities {
  return {
    prepareBenchmark: (raw) =>
      mapped(async () => {
        const resolved = deps.resolveConfig(raw);
        if (resolved.kind === 'invalid') throw invalidInput('benchmark', resolved.problems);
        const { config, configHash } = resolved;
        const searchAttributes = await deps.registeredSearchAttributes();
        const { heartbeatTimeoutMs } = deps;
        return {
          config,
          configHash,
          host: deps.host,
          searchAttributes,
          ...(heartbeatTimeoutMs === null ? {} : { heartbeatTimeoutMs }),
          watch: config.watch ?? DEFAULT_WATCH,
        };
      }),
    captureEnvironment: (config) =>
      mapped(async () => ({
        host: deps.host,
        hostTaskQueue: hostTaskQueue(deps.host),
        environment: await deps.captureEnvironment(config),
      })),
    hostPresence: () => Promise.resolve(deps.host),
    requestLease: ({ address, host, party }) =>
      mapped(async () => {
        const leaseId = leaseIdOf(address, host ?? deps.host);
        if (leaseId !== null) await deps.leases.request(leaseId, party);
        return leaseId;
      }),
    endedParties: (parties) => mapped(() => deps.leases.ended(parties)),
    prepareOutput: (request) =>
      mapped(async () => {
        await deps.store.requireWritable(deps.store.reportPath(request.benchmark));
        const copy = copyPath(request.outputPath);
        if (copy !== null) await deps.store.requireWritable(copy);
      }),
    measureRun: (plan) => measureRun(deps, plan, Context.current()),
    decideRuns: ({ benchmark, goal, finished, planned }) =>
      mapped(async () => plannedRuns(goal, await storedRuns(deps, benchmark, finished), planned)),
    summarize: (facts) => mapped(() => summarize(deps, facts)),
    writeReport: (request) => mapped(() => writeReport(deps, request)),
    judgeRegression: (request) => mapped(() => judgeRegression(deps.store.root, request)),
    notify: (request) => notify(request, deps),
  };
}

async function summarize(
  deps: ActivityDependencies,
  facts: BenchmarkFacts,
): Promise<BenchmarkSummary> {
  const runs = await storedRuns(deps, facts.benchmark, facts.runs);
  const warmups = await storedRuns(deps, facts.benchmark, facts.warmups);
  return deps.summarizeBenchmark({ facts, runs, warmups });
}

async function writeReport(
  deps: ActivityDependencies,
  { facts, summary }: ReportRequest,
): Promise<WrittenReport> {
  const { benchmark, runs, warmups, ...rest } = facts;
  const measured = await storedRuns(deps, benchmark, runs);
  const report: BenchmarkReport = {
    ...rest,
    ...summary,
    loomVersion: measured[0]?.measurement.serverVersion ?? '',
    benchmarkId: benchmark.workflowId,
    loombenchVersion: deps.loombenchVersion,
    durable: true,
    warmups: await storedRuns(deps, benchmark, warmups),
    runs: await withRawLatencies(deps, measured),
  };
  const text = deps.formatReport(report);
  const file = await deps.store.writeReport(benchmark, text);
  const copy = copyPath(facts.config.outputPath);
  if (copy !== null) await deps.store.writeText(copy, text);
  if ((facts.config.reportFormats ?? []).length > 0) {
    const documents = deps.formatDocuments(wholeText(text));
    for (const path of [file.path, ...(copy === null ? [] : [copy])]) {
      for (const document of documents) {
        await deps.store.writeText(besideReport(path, document.format), document.text);
      }
    }
  }
  return { report: file, outputPath: copy };
}

async function storedRuns(
  deps: ActivityDependencies,
  benchmark: BenchmarkFacts['benchmark'],
  runs: readonly RunRef[],
): Promise<StoredRun[]> {
  const found = await Promise.all(
    runs.map((run) => deps.store.requireRun({ ...benchmark, ...run })),
  );
  return found.map(({ run }) => run);
}

async function withRawLatencies(
  deps: ActivityDependencies,
  runs: readonly StoredRun[],
): Promise<ReportedRun[]> {
  return Promise.all(
    runs.map(async (run) => {
      const rawLatenciesUs = await deps.readRawLatencies(run);
      return rawLatenciesUs === null ? run : { ...run, rawLatenciesUs };
    }),
  );
}

/** Where the user wants a copy; "-" is the command line's own stdout. */
function copyPath(outputPath: string): string | null {
  return outputPath === '' || outputPath === '-' ? null : resolve(outputPath);
}
