// One layer of settings over another. How a run ends is one decision written with two keys: a layer that makes it
// takes the other key from the layers below, so that `-n 100` works on a scenario that runs for 5 s, and a schedule that
// ends by itself takes both.

import { parseDurationMs } from './duration.ts';

type Layer = Readonly<Record<string, unknown>>;

export function overlay(lower: Layer, upper: Layer): Record<string, unknown> {
  const dropped = new Set<string>();
  const setsCount = upper['totalRequests'] !== undefined && upper['totalRequests'] !== 0;
  if (setsCount && upper['duration'] === undefined) dropped.add('duration');
  if (setsDuration(upper) && upper['totalRequests'] === undefined) dropped.add('totalRequests');
  // A schedule with an end of its own.
  if (isSaid(upper['stages']) || isSaid(upper['replay'])) {
    dropped.add('duration').add('totalRequests');
  }
  const kept = Object.entries(lower).filter(([key]) => !dropped.has(key));
  const said = Object.entries(upper).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...kept, ...said]);
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== '';
}

function setsDuration(layer: Layer): boolean {
  const value = layer['duration'];
  return value !== undefined && !(typeof value === 'string' && parseDurationMs(value) === 0);
}
