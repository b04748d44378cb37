// Was the experiment the one that was asked for, and is what it measured above what the tool itself takes?

import type { ProviderConfig } from '../../contract/config.ts';
import type { GateResult } from '../../contract/warning.ts';
import type { TargetSettings } from '../../target/target-protocol.ts';
import { headline, notMeasured, shown, type GateFacts, type GateHead } from './gate-facts.ts';

const ECHO: GateHead = { id: 'G8', name: 'settings in force', unit: 'settings that differ' };

/** What the target says is in force, before and after the load, against what was asked for: a setting may never arrive. */
export function settingsGate({ harness, echo }: GateFacts): GateResult {
  if (echo === null) {
    return notMeasured(ECHO, 'The settings of a remote target are not ours to ask for.');
  }
  const { llm, llmConcurrencyLimit, numAgents } = harness;
  const asked: TargetSettings = {
    llm,
    llmConcurrencyLimit:
      llmConcurrencyLimit === 0 ? echo.before.llmConcurrencyLimit : llmConcurrencyLimit,
    numAgents: Math.max(1, numAgents),
  };
  const wrong = differences(asked, echo.before);
  const moved = differences(echo.before, echo.after);
  const parts = [
    ...(wrong.length > 0 ? [`${wrong.join(', ')} not as asked for`] : []),
    ...(moved.length > 0 ? [`${moved.join(', ')} changed during the run`] : []),
  ];
  return {
    ...ECHO,
    status: parts.length === 0 ? 'pass' : 'fail',
    value: new Set([...wrong, ...moved]).size,
    limit: 0,
    message:
      parts.length === 0
        ? 'The target states the settings that were asked for, before and after the load.'
        : `The target states other settings: ${parts.join('; ')}.`,
  };
}

function differences(a: TargetSettings, b: TargetSettings): string[] {
  // The keys are those of the type.
  const keys = Object.keys(a.llm) as (keyof ProviderConfig)[];
  return [
    ...keys.filter((key) => a.llm[key] !== b.llm[key]),
    ...(['llmConcurrencyLimit', 'numAgents'] as const).filter((key) => a[key] !== b[key]),
  ];
}

const IDENTITY: GateHead = { id: 'G12', name: 'one build and configuration', unit: 'differences' };

/** The generator is a process of its own, started from the disk: it must be the build and have the plan of whoever started it. */
export function identityGate({ identity }: GateFacts): GateResult {
  const { asked, own } = identity;
  const differs = [
    ...(asked.build === own.build ? [] : ['build']),
    ...(asked.configSha256 === own.configSha256 ? [] : ['configuration']),
  ];
  return {
    ...IDENTITY,
    status: differs.length === 0 ? 'pass' : 'fail',
    value: differs.length,
    limit: 0,
    message:
      differs.length === 0
        ? 'The generator is of the build and has the configuration of the process that started it.'
        : `The generator's ${differs.join(' and ')} is not that of the process that started it: the package was changed while the benchmark ran.`,
  };
}

const FLOOR: GateHead = { id: 'G14', name: 'above the null floor', unit: 'µs' };
const FLOOR_FACTOR = 5;

/** Latencies near what the tool takes for a call of nothing are the tool's as much as the server's. */
export function nullFloorGate(facts: GateFacts): GateResult {
  const { nullFloor } = facts;
  const { p50Us } = headline(facts);
  if (nullFloor === null) {
    return notMeasured(FLOOR, 'The floor of this machine and engine was not measured.');
  }
  if (p50Us === null) return notMeasured(FLOOR, 'No call succeeded.');
  const limit = FLOOR_FACTOR * nullFloor.p50Us;
  const floor = `a call of nothing takes ${shown(nullFloor.p50Us)} µs at p50 and ${shown(nullFloor.p99Us)} µs at p99 here`;
  const ok = p50Us >= limit;
  return {
    ...FLOOR,
    status: ok ? 'pass' : 'warn',
    value: p50Us,
    limit,
    message: ok
      ? `The p50 is above ${FLOOR_FACTOR} times the floor: ${floor}.`
      : `The p50 of ${shown(p50Us)} µs is below ${FLOOR_FACTOR} times the floor, so the tool is a good part of it: ${floor}.`,
  };
}
