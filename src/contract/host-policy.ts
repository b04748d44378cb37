// Which host measures a benchmark, and what becomes of it when that host's worker is gone.

export const HOST_LOSS_ACTIONS = ['wait', 'rehome', 'fail'] as const;
export type HostLossAction = (typeof HOST_LOSS_ACTIONS)[number];

export interface HostPolicy {
  /** Its name; "": the one that takes the benchmark's first activity. A benchmark with a named host never moves. */
  readonly host: string;
  /** `wait` as long as `lossLimitMs`, then as `rehome` (with a named host: as `fail`). */
  readonly onLoss: HostLossAction;
  /** How long a lost host is waited for; 0: without limit. */
  readonly lossLimitMs: number;
}

export const DEFAULT_HOST_POLICY: HostPolicy = { host: '', onLoss: 'wait', lossLimitMs: 600_000 };

/** What a host's name may be: it becomes the name of a task queue. */
export const HOST_NAME_PATTERN = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/;
export const HOST_NAME_RULE =
  "1 to 128 letters, digits, '.', '_' or '-', the first and last a letter or digit";

export type HostWait =
  /** Its worker does not answer; `untilUtc` null: without limit. */
  | {
      readonly kind: 'waiting-for-host';
      readonly host: string;
      readonly untilUtc: string | null;
      readonly then: 'rehome' | 'fail';
    }
  /** `lost` is given up; the first host whose worker answers measures from the start. */
  | { readonly kind: 'seeking-host'; readonly lost: string };

export function hostWaitText(wait: HostWait): string {
  if (wait.kind === 'seeking-host') {
    return `${wait.lost} is lost; waiting for the worker of any host`;
  }
  const { host, untilUtc, then } = wait;
  const limit =
    untilUtc === null
      ? 'without limit'
      : `until ${untilUtc}, then ${then === 'fail' ? 'it fails' : 'another host measures from the start'}`;
  return `waiting for host ${host}, whose worker does not answer, ${limit}`;
}
