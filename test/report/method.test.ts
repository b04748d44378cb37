// docs/METHOD.md explains every number that a report can hold: a figure that nobody defines cannot be believed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { repositoryRoot } from '../support/repository.ts';

interface Schema {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly items?: Schema | boolean | undefined;
  readonly additionalProperties?: Schema | boolean | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
}

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    properties: z.record(z.string(), schema).optional(),
    items: z.union([schema, z.boolean()]).optional(),
    additionalProperties: z.union([schema, z.boolean()]).optional(),
    anyOf: z.array(schema).optional(),
    oneOf: z.array(schema).optional(),
  }),
);

const text = (...path: string[]): string => readFileSync(join(repositoryRoot, ...path), 'utf8');
const file: unknown = JSON.parse(text('schemas', 'report.schema.json'));
const root = schema.parse(file);
const definitions = z.object({ $defs: z.record(z.string(), schema) }).parse(file).$defs;

/** What was asked for is in OPTIONS.md, where it ran is no figure. */
const NOT_MEASURED: ReadonlySet<string> = new Set(['config', 'environment']);

/** Names of all members that can be a number or a list of numbers. */
function numberNames(node: Schema, name: string, seen: ReadonlySet<string>): readonly string[] {
  if (node.$ref !== undefined) {
    const id = node.$ref.split('/').at(-1) ?? '';
    const target = definitions[id] ?? assert.fail(node.$ref);
    return seen.has(id) ? [] : numberNames(target, name, new Set([...seen, id]));
  }
  const types = [node.type ?? []].flat();
  const own = types.some((type) => type === 'number' || type === 'integer') ? [name] : [];
  const inner = [
    node.items,
    node.additionalProperties,
    ...(node.anyOf ?? []),
    ...(node.oneOf ?? []),
  ]
    .filter((part) => typeof part === 'object')
    .flatMap((part) => numberNames(part, name, seen));
  const members = Object.entries(node.properties ?? {})
    .filter(([key]) => !NOT_MEASURED.has(key))
    .flatMap(([key, member]) => numberNames(member, key, seen));
  return [...own, ...inner, ...members];
}

const names = [...new Set(numberNames(root, '', new Set()))].filter((name) => name !== '');

describe('docs/METHOD.md', () => {
  const method = text('docs', 'METHOD.md');
  const code = [...method.matchAll(/`([^`]+)`/g)].map(([, inner = '']) => inner).join(' ');
  const explained = new Set(code.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []);

  it('is held against the schema of the report, which has more than a hundred numbers', () => {
    assert.ok(names.length > 100, `${names.length}`);
    for (const known of ['throughput_rps', 'ci95_low', 'icc', 'gc_attribution_pct', 'p9999Us']) {
      assert.ok(names.includes(known), known);
    }
  });

  it('names every number that a report can hold', () => {
    assert.deepEqual(
      names.filter((name) => !explained.has(name)),
      [],
    );
  });

  it('explains no field that no report has', () => {
    const all = `${text('schemas', 'report.schema.json')} ${text('src', 'contract', 'comparison.ts')}`;
    const section =
      /^## Every field$([\s\S]*?)^## /m.exec(method)?.[1] ?? assert.fail('no section');
    const listed = [...section.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) *\|/gm)].flatMap(
      ([, cell = '']) => [...cell.matchAll(/`([A-Za-z0-9_]+)`/g)].map(([, name = '']) => name),
    );
    assert.ok(listed.length > 50);
    assert.deepEqual(
      listed.filter((name) => !new RegExp(`\\b${name}\\b`).test(all)),
      [],
    );
  });
});
