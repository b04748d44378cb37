// A config file: YAML or JSON whose keys are option keys.

import { readFileSync, statSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { ConfigProblem } from './problem.ts';

export type ConfigFile =
  | { readonly kind: 'ok'; readonly raw: Readonly<Record<string, unknown>> }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

/** Far beyond any real file; keeps a wrong path from filling the memory. */
const LARGEST_BYTES = 1024 * 1024;

/** Never throws: an unreadable file is a problem like any other. */
export function readConfigFile(path: string): ConfigFile {
  try {
    if (statSync(path).size > LARGEST_BYTES) return invalid(path, 'is larger than 1 MiB');
    return parseConfigText(readFileSync(path, 'utf8'), path);
  } catch (thrown) {
    return invalid(path, `cannot be read: ${messageOf(thrown)}`);
  }
}

/** @param name the file's name, for messages; '.json' is read as JSON, anything else as YAML. */
export function parseConfigText(content: string, name: string): ConfigFile {
  const parsed = name.endsWith('.json') ? parseJson(content) : parseYaml(content);
  if (parsed.kind === 'failed') {
    return {
      kind: 'invalid',
      problems: parsed.messages.map((message) => ({ path: name, message })),
    };
  }
  const { value } = parsed;
  if (value === null || value === undefined) return { kind: 'ok', raw: {} };
  if (typeof value !== 'object' || Array.isArray(value)) {
    return invalid(name, 'must hold option keys with values');
  }
  // A non-null object that is no array; its values stay unknown until they are resolved.
  return { kind: 'ok', raw: value as Readonly<Record<string, unknown>> };
}

type Parsed =
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly messages: readonly string[] };

function parseJson(content: string): Parsed {
  try {
    return { kind: 'parsed', value: JSON.parse(content) };
  } catch (thrown) {
    return { kind: 'failed', messages: [messageOf(thrown)] };
  }
}

function parseYaml(content: string): Parsed {
  const document = parseDocument(content, { prettyErrors: true });
  if (document.errors.length > 0) {
    return { kind: 'failed', messages: document.errors.map((error) => firstLine(error.message)) };
  }
  try {
    return { kind: 'parsed', value: document.toJS({ maxAliasCount: 100 }) };
  } catch (thrown) {
    return { kind: 'failed', messages: [messageOf(thrown)] };
  }
}

function invalid(path: string, message: string): ConfigFile {
  return { kind: 'invalid', problems: [{ path, message }] };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
