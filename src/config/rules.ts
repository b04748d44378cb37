// Rules over more than one option. Each names what it needs; it is skipped while one of those is itself wrong.

import { addressProblem } from './address.ts';
import {
  arrivalEndProblems,
  arrivalKind,
  arrivalPartProblems,
  arrivalUnusedProblems,
  endsByItself,
  stagesLengthMs,
} from './arrival.ts';
import { REPORT_FORMATS } from '../contract/report-format.ts';
import { formatDurationMs } from './duration.ts';
import { hostProblems } from './hosts.ts';
import { metadataProblems } from './metadata.ts';
import { nearestName } from './nearest-name.ts';
import type { OptionKey } from './option-table.ts';
import { precisionProblems } from './precision.ts';
import type { ConfigProblem } from './problem.ts';
import { sloProblems } from './slo.ts';
import { parseThreshold } from './threshold.ts';
import { quoted, type ReadValues } from './values.ts';

interface Rule {
  readonly needs: readonly OptionKey[];
  readonly check: (read: ReadValues) => readonly ConfigProblem[];
}

const RULES: readonly Rule[] = [
  { needs: ['totalRequests', 'duration'], check: runLengthProblems },
  { needs: ['perRunWarmup', 'totalRequests', 'duration'], check: perRunWarmupProblems },
  { needs: ['rampUp', 'totalRequests', 'duration'], check: rampUpProblems },
  { needs: ['serverAddr'], check: ({ values }) => listOf(addressProblem(values.serverAddr)) },
  { needs: ['metadata'], check: ({ values }) => metadataProblems(values.metadata) },
  { needs: ['tls', 'cert', 'key', 'serverAddr'], check: tlsProblems },
  { needs: ['host', 'onHostLoss', 'hostLossLimit'], check: hostProblems },
  { needs: ['threshold'], check: thresholdProblems },
  { needs: ['failOnRateMiss', 'arrival', 'rate', 'stages', 'replay'], check: rateMissProblems },
  { needs: ['threshold', 'slo', 'sloLatency'], check: undeclaredGoodput },
  { needs: ['slo', 'sloLatency', 'useStreaming'], check: sloProblems },
  { needs: ['reportFormat'], check: reportFormatProblems },
  { needs: ['notifyWebhook'], check: webhookProblems },
  {
    needs: ['targetPrecision', 'precisionMetric', 'precisionRule', 'runs', 'maxRuns'],
    check: precisionProblems,
  },
  { needs: ['arrival', 'rate', 'stages', 'replay'], check: arrivalPartProblems },
  { needs: ['arrival', 'rate', 'burstiness', 'stages', 'replay'], check: arrivalUnusedProblems },
  {
    needs: ['arrival', 'rate', 'stages', 'replay', 'totalRequests', 'duration'],
    check: arrivalEndProblems,
  },
  { needs: ['initialPhase', 'totalRequests', 'duration'], check: initialPhaseProblems },
];

export function ruleProblems(read: ReadValues): readonly ConfigProblem[] {
  return RULES.filter((rule) => !rule.needs.some((key) => read.bad.has(key))).flatMap((rule) =>
    rule.check(read),
  );
}

function listOf(problem: ConfigProblem | null): readonly ConfigProblem[] {
  return problem === null ? [] : [problem];
}

/** A run by duration: said so, without a number of calls. */
export function isDurationMode({
  values,
  explicit,
}: Pick<ReadValues, 'values' | 'explicit'>): boolean {
  return values.duration > 0 && (values.totalRequests === 0 || !explicit.has('totalRequests'));
}

function runLengthProblems(read: ReadValues): readonly ConfigProblem[] {
  const { values, explicit } = read;
  // Then both keys have no effect, and the arrival rules say so.
  if (endsByItself(arrivalKind(read))) return [];
  const durationText = formatDurationMs(values.duration);
  if (values.duration > 0 && explicit.has('totalRequests') && values.totalRequests > 0) {
    const message = `duration ${durationText} and totalRequests ${values.totalRequests} are both given, but a run ends by one of them`;
    return [{ path: 'duration', message, hint: 'leave one out' }];
  }
  if (values.duration > 0) return [];
  const hint = 'give totalRequests of at least 1, or a duration like 30s';
  if (values.totalRequests === 0) {
    return [
      {
        path: 'totalRequests',
        message: 'totalRequests 0 with no duration would send nothing',
        hint,
      },
    ];
  }
  if (explicit.has('duration') && !explicit.has('totalRequests')) {
    return [{ path: 'duration', message: 'a run of duration 0 would send nothing', hint }];
  }
  return [];
}

function perRunWarmupProblems(read: ReadValues): readonly ConfigProblem[] {
  const { values, explicit } = read;
  const lengthMs = stagesLengthMs(values.stages) ?? (isDurationMode(read) ? values.duration : null);
  if (lengthMs === null || !explicit.has('perRunWarmup')) return [];
  if (values.perRunWarmup < lengthMs) return [];
  const message = `perRunWarmup ${formatDurationMs(values.perRunWarmup)} leaves nothing of a run of ${formatDurationMs(lengthMs)}`;
  return [{ path: 'perRunWarmup', message, hint: 'make it shorter than duration' }];
}

function rampUpProblems(read: ReadValues): readonly ConfigProblem[] {
  return listOf(tooLong('rampUp', read));
}

function initialPhaseProblems(read: ReadValues): readonly ConfigProblem[] {
  return listOf(tooLong('initialPhase', read));
}

/** What belongs to the start of a run must be over before its end. */
function tooLong(path: 'rampUp' | 'initialPhase', read: ReadValues): ConfigProblem | null {
  const { values } = read;
  if (!isDurationMode(read) || values[path] < values.duration) return null;
  const message = `${path} ${formatDurationMs(values[path])} does not end within a run of ${formatDurationMs(values.duration)}`;
  return { path, message, hint: 'make it shorter than duration' };
}

function rateMissProblems(read: ReadValues): readonly ConfigProblem[] {
  if (!read.values.failOnRateMiss || arrivalKind(read) !== 'closed') return [];
  const message = 'failOnRateMiss needs a rate: a closed loop owes no calls';
  return [{ path: 'failOnRateMiss', message, hint: 'give rate, stages or replay' }];
}

function webhookProblems({ values: { notifyWebhook } }: ReadValues): readonly ConfigProblem[] {
  if (notifyWebhook === '') return [];
  const protocol = URL.canParse(notifyWebhook) ? new URL(notifyWebhook).protocol : '';
  if (protocol === 'http:' || protocol === 'https:') return [];
  const message = `"${notifyWebhook}" is no address to post to`;
  return [{ path: 'notifyWebhook', message, hint: 'write it like https://host/path' }];
}

function thresholdProblems({ values }: ReadValues): readonly ConfigProblem[] {
  return values.threshold.flatMap((text) => {
    const parsed = parseThreshold(text);
    return parsed.kind === 'ok' ? [] : [parsed.problem];
  });
}

function undeclaredGoodput({ values }: ReadValues): readonly ConfigProblem[] {
  if (values.slo.length > 0 || values.sloLatency > 0) return [];
  return values.threshold
    .filter((text) => text.trim().startsWith('goodput_rps'))
    .map((text) => ({
      path: 'threshold',
      message: `${quoted(text)} needs to know which calls are good`,
      hint: "declare it with slo, like 'latency<500ms'",
    }));
}

function reportFormatProblems({ values }: ReadValues): readonly ConfigProblem[] {
  const known: readonly string[] = REPORT_FORMATS;
  return values.reportFormat
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearestName(name, known);
      const message = `there is no report format ${quoted(name)}: must be among ${known.join(', ')}`;
      return {
        path: 'reportFormat',
        message,
        ...(near === null ? {} : { hint: `did you mean ${near}?` }),
      };
    });
}

const TLS_PARTS = ['cacert', 'cert', 'key', 'serverName', 'skipVerify'] as const;

function tlsProblems({ values, explicit }: ReadValues): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const parts = TLS_PARTS.filter((key) => values[key] !== null && values[key] !== false);
  if (values.cert !== null && values.key === null) {
    problems.push({
      path: 'key',
      message: 'cert is given without its key',
      hint: 'give key as well',
    });
  }
  if (values.key !== null && values.cert === null) {
    problems.push({
      path: 'cert',
      message: 'key is given without its cert',
      hint: 'give cert as well',
    });
  }
  if (explicit.has('tls') && !values.tls && parts.length > 0) {
    problems.push({ path: 'tls', message: `tls is off, but ${parts.join(', ')} asks for it` });
  }
  if ((values.tls || parts.length > 0) && values.serverAddr === '') {
    const message = `${values.tls ? 'tls' : parts.join(', ')} has no effect on the embedded target, which speaks plaintext`;
    problems.push({ path: 'tls', message, hint: 'give serverAddr, or leave TLS out' });
  }
  return problems;
}
