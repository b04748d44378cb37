// Reference vectors, computed elsewhere in exact or arbitrary-precision arithmetic; each states its own tolerance.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Vector {
  readonly name: string;
  readonly fn: string;
  readonly input: Json;
  readonly expected: Json;
  readonly relTol: number;
  readonly absTol: number;
}

const file = JSON.parse(
  readFileSync(new URL('../fixtures/stats-vectors.json', import.meta.url), 'utf8'),
) as { cases: Vector[] }; // a fixture of ours

export const vectors: readonly Vector[] = file.cases;

export function vector(name: string): Vector {
  const found = vectors.find((candidate) => candidate.name === name);
  assert.ok(found, `no vector ${name}`);
  return found;
}

/** The vector's input; fails unless it has the shape that the test needs. */
export function inputOf<S extends z.ZodType>(name: string, shape: S): z.output<S> {
  return shape.parse(vector(name).input);
}

export function expectedOf<S extends z.ZodType>(name: string, shape: S): z.output<S> {
  return shape.parse(vector(name).expected);
}

export const numbers = z.array(z.number());
export const twoSamples = z.object({ a: numbers, b: numbers });

/** Every key that the vector expects must be in `actual`, null as null, numbers within the vector's tolerance. */
export function assertVector(name: string, actual: unknown): void {
  const { expected, relTol, absTol } = vector(name);
  compare(actual, expected, { relTol, absTol, path: name });
}

interface Tolerance {
  readonly relTol: number;
  readonly absTol: number;
  readonly path: string;
}

function compare(actual: unknown, expected: Json, tolerance: Tolerance): void {
  const { relTol, absTol, path } = tolerance;
  if (typeof expected === 'number') {
    assert.ok(typeof actual === 'number', `${path} is ${String(actual)}, expected ${expected}`);
    const allowed = Math.max(absTol, relTol * Math.abs(expected));
    assert.ok(
      Math.abs(actual - expected) <= allowed,
      `${path} is ${actual}, expected ${expected} within ${allowed}`,
    );
  } else if (typeof expected === 'object' && expected !== null) {
    assert.ok(typeof actual === 'object' && actual !== null, `${path} is ${String(actual)}`);
    if (Array.isArray(expected)) {
      assert.equal((actual as unknown[]).length, expected.length, `${path}: length`);
    }
    for (const [key, value] of Object.entries(expected)) {
      const part: unknown = Reflect.get(actual, key);
      compare(part, value as Json, { relTol, absTol, path: `${path}.${key}` });
    }
  } else {
    assert.equal(actual, expected, path);
  }
}
