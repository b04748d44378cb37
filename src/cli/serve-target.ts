// The standalone target in the foreground.

import type { BenchmarkConfig } from '../contract/config.ts';
import { runStandaloneTarget } from '../target/standalone-target.ts';
import { printResult, say, type CliContext } from './context.ts';
import { stayUntilAborted, watchInterruption } from './interruption.ts';

export interface ServedTarget {
  readonly config: BenchmarkConfig;
  readonly host: string;
  readonly grpcPort?: number;
  readonly httpPort?: number;
}

const STOP_GRACE_MS = 2_000;

export async function serveTarget(
  context: CliContext,
  { config, ...place }: ServedTarget,
): Promise<void> {
  const interruption = watchInterruption();
  try {
    const target = await runStandaloneTarget({
      llm: config.llm,
      llmConcurrencyLimit: config.llmConcurrencyLimit,
      numAgents: config.numAgents,
      seed: config.seed,
      ...place,
    });
    printResult(context, `gRPC: ${target.grpcAddress}`);
    printResult(context, `Control plane: ${target.httpUrl}`);
    say(context, 'Ctrl-C ends it.');
    await stayUntilAborted(interruption.signal);
    await target.stop(STOP_GRACE_MS);
  } finally {
    interruption.dispose();
  }
}
