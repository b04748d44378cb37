// Which host is to measure: from options to policy, and what does not go together.

import type { BenchmarkConfig } from '../contract/config.ts';
import {
  DEFAULT_HOST_POLICY,
  HOST_NAME_PATTERN,
  HOST_NAME_RULE,
  type HostPolicy,
} from '../contract/host-policy.ts';
import type { ConfigProblem } from './problem.ts';
import { quoted, type ReadValues } from './values.ts';

type Input = Pick<ReadValues, 'values' | 'explicit'>;

/** Absent where nothing was said, so that reports and histories of earlier versions read the same. */
export function assembleHosts({ values }: Input): Pick<BenchmarkConfig, 'hosts'> {
  const { host, onHostLoss, hostLossLimit } = values;
  const hosts: HostPolicy = { host, onLoss: onHostLoss, lossLimitMs: hostLossLimit };
  return JSON.stringify(hosts) === JSON.stringify(DEFAULT_HOST_POLICY) ? {} : { hosts };
}

export function hostProblems({ values, explicit }: Input): readonly ConfigProblem[] {
  const { host, onHostLoss } = values;
  const problems: ConfigProblem[] = [];
  if (host !== '' && !HOST_NAME_PATTERN.test(host)) {
    const message = `${quoted(host)} is no name of a host: ${HOST_NAME_RULE}`;
    problems.push({ path: 'host', message });
  }
  if (host !== '' && onHostLoss === 'rehome') {
    const message = `onHostLoss rehome would move the benchmark away from host ${quoted(host)}`;
    problems.push({ path: 'onHostLoss', message, hint: 'leave host out, or say wait or fail' });
  }
  if (explicit.has('hostLossLimit') && onHostLoss !== 'wait') {
    const message = `hostLossLimit has no effect: onHostLoss ${onHostLoss} waits for no host`;
    problems.push({ path: 'hostLossLimit', message, hint: 'leave one of the two out' });
  }
  return problems;
}
