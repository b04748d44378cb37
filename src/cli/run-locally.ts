import type { ConfigInput } from './config-input.ts';
import type { OutputWishes } from './conclude.ts';
import type { CliContext } from './context.ts';
export interface LocalRun {
  readonly benchmarkId: string;
  readonly input: Extract<ConfigInput, { kind: 'ok' }>;
  readonly wishes: OutputWishes;
}
export function runLocally(_context: CliContext, _run: LocalRun): Promise<void> {
  return Promise.reject(new Error('later'));
}
