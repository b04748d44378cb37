// 'ttft<500ms' → a condition that an answer must meet to be of use.

import { SLO_COMPARISONS, SLO_SUBJECTS, type SloCondition } from '../contract/slo.ts';
import { parseDurationMs } from './duration.ts';
import { nearestName } from './nearest-name.ts';
import type { ConfigProblem } from './problem.ts';
import { quoted, type ReadValues } from './values.ts';

const PATTERN = /^\s*([A-Za-z0-9_]+)\s*(<=|<)\s*(\S+)\s*$/;
const MAX_CONDITIONS = 8;

type ParsedCondition =
  | { readonly kind: 'ok'; readonly condition: SloCondition }
  | { readonly kind: 'invalid'; readonly problem: ConfigProblem };

export function parseSloCondition(text: string): ParsedCondition {
  const [, name = '', sign = '', limitText = ''] = PATTERN.exec(text) ?? [];
  const comparison = SLO_COMPARISONS.find((known) => known === sign);
  if (comparison === undefined) {
    return invalid(
      `${quoted(text)} is not a condition on a call`,
      "write what is timed, < or <=, and the limit, like 'ttft<500ms,latency<2s'",
    );
  }
  const subject = SLO_SUBJECTS.find((known) => known === name);
  if (subject === undefined) {
    const near = nearestName(name, SLO_SUBJECTS);
    const known = `a call has ${SLO_SUBJECTS.join(', ')}`;
    return invalid(
      `a call has no time ${quoted(name)}`,
      near === null ? known : `did you mean ${near}? ${known}`,
    );
  }
  const limitMs = parseDurationMs(limitText);
  if (limitMs === null) {
    return invalid(
      `the limit of ${quoted(text)} must be a duration with its unit, like 500ms, 1.5s or 250us`,
    );
  }
  return {
    kind: 'ok',
    condition: { subject, comparison, limitUs: limitMs * 1000, text: text.trim() },
  };
}

/** The conditions that can be read. */
export function sloConditions(texts: readonly string[]): readonly SloCondition[] {
  return texts.map(parseSloCondition).flatMap((parsed) => {
    return parsed.kind === 'ok' ? [parsed.condition] : [];
  });
}

export function sloProblems({ values }: ReadValues): readonly ConfigProblem[] {
  const { slo, sloLatency, useStreaming } = values;
  const problems = slo.map(parseSloCondition).flatMap((parsed) => {
    return parsed.kind === 'ok' ? [] : [parsed.problem];
  });
  const ofStreams = sloConditions(slo).filter(({ subject }) => subject !== 'latency');
  const message = `${ofStreams.map(({ text }) => quoted(text)).join(', ')} can hold for streams only`;
  return [
    ...problems,
    ...(slo.length > MAX_CONDITIONS ? [problem(`at most ${MAX_CONDITIONS} conditions`)] : []),
    ...(ofStreams.length > 0 && !useStreaming ? [problem(message, 'set useStreaming')] : []),
    ...(slo.length > 0 && sloLatency > 0
      ? [problem('cannot be combined with sloLatency', "put it in here, like 'latency<=2s'")]
      : []),
  ];
}

function invalid(message: string, hint?: string): ParsedCondition {
  return { kind: 'invalid', problem: problem(message, hint) };
}

function problem(message: string, hint?: string): ConfigProblem {
  return { path: 'slo', message, ...(hint === undefined ? {} : { hint }) };
}
