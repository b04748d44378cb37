// From what a run left behind in all its processes to its measurement: pure, and done in the generator's process, so that
// a million values are sorted where nobody waits for a heartbeat.

import type { HarnessConfig } from '../contract/config.ts';
import type { GcAssociation, GcPause, ProcessSample, Role } from '../contract/resources.ts';
import type { BackendShare, OpenLoopFacts, RunMeasurement } from '../contract/run-result.ts';
import { verdictOf, type GateResult, type Warning } from '../contract/warning.ts';
import { OUTCOMES } from '../contract/outcome.ts';
import { correlateGcWithLatency } from '../statistics/gc-correlation.ts';
import { idleBackends } from './engines/backends.ts';
import type { GateFacts } from './gates/gate-facts.ts';
import { stallWarnings } from './gates/generator-stall.ts';
import { runGates } from './gates/run-gates.ts';
import type { LoadOutcome } from './generate-load.ts';
import type { GeneratorPlan, TargetReport } from './generator-protocol.ts';
import type { DriveResult } from './load-driver.ts';
import { rawColumns, type RawColumns } from './recording/raw-results.ts';
import { runIdentity } from './run-identity.ts';
import { summarizeRecording } from './recording/summarize-recording.ts';
import { runSteadiness } from './run-steadiness.ts';

export interface MeasurementParts {
  readonly plan: GeneratorPlan;
  readonly outcome: LoadOutcome;
  /** null for a target that is not ours. */
  readonly target: TargetReport | null;
  readonly raw: RunMeasurement['raw'];
}

export function assembleMeasurement(parts: MeasurementParts): RunMeasurement {
  const { plan, outcome, target, raw } = parts;
  const { collect } = plan;
  const { drive, recorded, health, connection } = outcome;
  // As many as there were, whatever was asked for.
  const harness = { ...plan.harness, threads: connection.threads };
  const latencyKind = harness.arrival.kind === 'closed' ? 'service' : 'response';
  const { warnings, timeline, ...summary } = summarizeRecording(recorded, {
    latencyKind,
    timeSeries: true,
  });
  const measured = {
    ...summary,
    timeline: collect.timeSeries ? timeline : null,
    offeredRps: outcome.offeredRps,
  };
  const columns = rawColumns(recorded);
  const steady = runSteadiness({
    harness,
    window: measured.window,
    timeline: timeline ?? [],
    columns,
  });
  const samples = samplesOfLoad(health.samples, drive);
  const windowSamples = samplesOfWindow(samples, measured.window.startMs);
  const setup = { ...setupFacts(plan, target), harness };
  const generator = { ...health, samples: windowSamples };
  const gates = [...runGates({ ...setup, measured, drive, generator }), ...steady.gates];
  return {
    ...measured,
    openLoop: openLoopFacts(harness, drive, windowSamples),
    startedAtUtc: outcome.startedAtUtc,
    wallTimeMs: (drive.endNs - drive.loadStartNs) / 1e6,
    resources: collect.resources
      ? {
          generator: samples,
          target: target === null ? null : samplesOfLoad(target.samples, drive),
        }
      : null,
    gc: collect.gcCorrelation ? gcAssociations(parts, columns) : null,
    connection: outcome.connection,
    serverVersion: outcome.serverVersion,
    target: setup.target,
    steadiness: steady.steadiness,
    percentileIntervals: steady.percentileIntervals,
    nullFloor: setup.nullFloor,
    identity: setup.identity.own,
    gates,
    verdict: verdictOf(gates),
    warnings: [
      ...warnings,
      ...boundedFile(measured.calls, raw),
      ...runWarnings(outcome, gates),
      ...stallWarnings(windowSamples, harness.requestTimeoutMs),
    ],
    interrupted: drive.interrupted,
    raw,
  };
}

type SetupFacts = Omit<GateFacts, 'measured' | 'drive' | 'generator'>;

/** What the run was to be, and what is known of it before its first call. */
function setupFacts(plan: GeneratorPlan, target: TargetReport | null): SetupFacts {
  const { harness, embedded, nullFloor, identity } = plan;
  // The address of an embedded target is the starter's choice, not part of what was asked for.
  const own = runIdentity(embedded ? { ...harness, serverAddr: '' } : harness);
  return {
    harness,
    embedded,
    nullFloor,
    identity: { asked: identity, own },
    target: target?.account ?? null,
    echo: target?.echo ?? null,
  };
}

function openLoopFacts(
  { arrival, maxInFlight, pacing }: HarnessConfig,
  drive: DriveResult,
  samples: readonly ProcessSample[],
): OpenLoopFacts | null {
  if (arrival.kind === 'closed') return null;
  const cores = samples.reduce((sum, sample) => sum + sample.cpuUtilisation, 0) / samples.length;
  return {
    dueCalls: drive.issued + drive.unsent,
    sentCalls: drive.issued,
    unsentCalls: drive.unsent,
    cappedCalls: drive.cappedCalls,
    maxInFlight,
    mostInFlight: drive.maxInFlight,
    pacing,
    generatorCores: samples.length === 0 ? null : cores,
  };
}

/** Seconds counted from the load start instead of the run's origin; those before it belong to the setup. */
function samplesOfLoad(samples: readonly ProcessSample[], drive: DriveResult): ProcessSample[] {
  const first = Math.floor(drive.loadStartNs / 1e9);
  const last = Math.floor(drive.endNs / 1e9);
  return samples
    .filter((sample) => sample.second >= first && sample.second <= last)
    .map((sample) => ({ ...sample, second: sample.second - first }));
}

/** The warm-up that is trimmed from a run must not condemn it; a run shorter than a second has only its start. */
function samplesOfWindow(samples: readonly ProcessSample[], startMs: number): ProcessSample[] {
  const within = samples.filter((sample) => sample.second >= Math.floor(startMs / 1000));
  return within.length > 0 ? within : [...samples];
}

function gcAssociations(parts: MeasurementParts, columns: RawColumns): GcAssociation[] {
  const { outcome, target, plan } = parts;
  const okIndex = OUTCOMES.indexOf('ok');
  const isOk = (_: number, row: number): boolean => columns.outcome[row] === okIndex;
  const startsNs = columns.dispatchNs.filter(isOk);
  const endsNs = columns.endNs.filter(isOk);
  const associate = (role: Role, pauses: readonly GcPause[]): GcAssociation =>
    correlateGcWithLatency({ role, startsNs, endsNs, pauses, seed: plan.harness.seed });
  return [
    ...(target === null ? [] : [associate('target', target.gcPauses)]),
    associate('generator', outcome.health.gcPauses),
  ];
}

function boundedFile({ issued }: RunMeasurement['calls'], raw: RunMeasurement['raw']): Warning[] {
  if (raw === null || raw.complete) return [];
  const message = `The file of raw calls holds ${raw.values} of ${issued} calls: its bound was reached, or the disk did not keep up. The figures are of all calls.`;
  return [{ code: 'raw-file-bounded', message }];
}

function unusedBackends(backends: readonly BackendShare[]): Warning[] {
  const idle = idleBackends(backends).map(({ address }) => address);
  if (idle.length === 0) return [];
  const message = `The server's name stood for ${backends.length} addresses, and ${idle.join(', ')} answered no call: the figures are those of the others. Each connection stays with the address it was made to; --connections ${backends.length} tries all of them.`;
  return [{ code: 'backends-unused', message }];
}

function runWarnings(outcome: LoadOutcome, gates: readonly GateResult[]): Warning[] {
  const { drive, connection } = outcome;
  const warnings: Warning[] = [];
  if (drive.heldBack > 0) {
    warnings.push({
      code: 'server-lost',
      message: `${drive.heldBack} calls failed without reaching the server; the calls after them were spaced to 1,000/s.`,
    });
  }
  if (drive.unsent > 0) {
    warnings.push({
      code: 'rate-missed',
      message: `${drive.unsent} of ${drive.issued + drive.unsent} calls were due but could not be sent before the grace was over.`,
    });
  }
  if (drive.cappedCalls > 0) {
    warnings.push({
      code: 'in-flight-cap',
      message: `${drive.cappedCalls} calls went out late because as many calls as allowed (maxInFlight) were in flight; the wait is part of their response time.`,
    });
  }
  if (connection.reconnects > 0) {
    warnings.push({
      code: 'reconnected',
      message: `The connection was lost and made again ${connection.reconnects} times during the run.`,
    });
  }
  const queued = connection.locallyQueuedCalls ?? 0;
  if (queued > 0) {
    warnings.push({
      code: 'queued-in-client',
      message: `${queued} calls waited in the generator for a connection or for one of the ${connection.maxConcurrentStreams ?? 'unlimited'} streams that the server allows per connection; the wait is part of their latency.`,
    });
  }
  warnings.push(...unusedBackends(connection.backends ?? []));
  if (drive.interrupted) {
    warnings.push({ code: 'interrupted', message: 'The run was stopped before its end.' });
  }
  if (gates.some((gate) => gate.id === 'G2' && gate.status === 'fail')) {
    warnings.push({
      code: 'client_saturated',
      message: 'The generator was the bottleneck; use fewer calls per second or more threads.',
    });
  }
  return warnings;
}
