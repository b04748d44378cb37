// Was the run measured on the host as it was when the benchmark began? Another CPU or number of cores is another machine,
// whatever its name; another governor is the same one in another mood.

import type { HostFingerprint } from '../../contract/environment.ts';
import type { GateResult } from '../../contract/warning.ts';
import { notMeasured, type GateHead } from './gate-facts.ts';

const HOST: GateHead = { id: 'G16', name: 'host unchanged', unit: 'facts that differ' };

const NAMES: Readonly<Record<keyof HostFingerprint, string>> = {
  cpuModel: 'CPU model',
  cores: 'cores',
  cpuLimitCores: 'CPU quota in cores',
  cpuGovernor: 'CPU governor',
};
/** The keys of the type. */
const FACTS = Object.keys(NAMES) as (keyof HostFingerprint)[];

/** `seen`: right before the run and right after it. */
export function hostGate(
  reference: HostFingerprint | undefined,
  seen: readonly HostFingerprint[],
): GateResult {
  if (reference === undefined) {
    return notMeasured(HOST, 'There is no benchmark whose other runs it could be held against.');
  }
  const drifted = FACTS.flatMap((fact) => {
    const was = reference[fact];
    const other = seen.find((one) => differs(fact, was, one[fact]));
    return other === undefined ? [] : [{ fact, was, is: other[fact] }];
  });
  const harmless = drifted.every(({ fact }) => fact === 'cpuGovernor');
  return {
    ...HOST,
    status: drifted.length === 0 ? 'pass' : harmless ? 'warn' : 'fail',
    value: drifted.length,
    limit: 0,
    message:
      drifted.length === 0
        ? 'CPU model, cores, quota and governor were those with which the benchmark began.'
        : `The host is not what it was when the benchmark began: ${drifted
            .map(
              ({ fact, was, is }) => `${NAMES[fact]} ${factText(is)} instead of ${factText(was)}`,
            )
            .join('; ')}.`,
  };
}

type Fact = string | number | null;

/** Without a quota there is none; of the others null means that it could not be read, which is no change. */
function differs(fact: keyof HostFingerprint, was: Fact, is: Fact): boolean {
  const isUnknown = fact !== 'cpuLimitCores' && (was === null || is === null);
  return !isUnknown && was !== is;
}

function factText(value: Fact): string {
  return value === null ? 'none' : String(value);
}
