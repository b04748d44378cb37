// The request variants of a run: one per agent that takes part.

import type { HarnessConfig } from '../contract/config.ts';
import { BenchmarkError } from '../contract/failure.ts';
import type { CallTemplate, Engine } from './engines/engine.ts';

/**
 * Calls go round-robin over these. Agents are asked of the server, since only it knows their ids.
 * Throws BenchmarkError 'target-refused-plan' when it has fewer agents than asked for.
 */
export async function callTemplates(
  config: HarnessConfig,
  engine: Engine,
  sessionId: string,
): Promise<CallTemplate[]> {
  if (config.numAgents <= 1) return [{ query: config.query, sessionId, agentId: '' }];
  const agents = await engine.listAgents(config.connectTimeoutMs);
  if (agents.length < config.numAgents) {
    throw new BenchmarkError(
      'target-refused-plan',
      `${config.serverAddr} has ${agents.length} agents, fewer than the ${config.numAgents} asked for.` +
        ' Register more there, or lower --num-agents.',
      { details: { agents: agents.length, asked: config.numAgents } },
    );
  }
  return agents
    .slice(0, config.numAgents)
    .map(({ id }) => ({ query: config.query, sessionId, agentId: id }));
}

/**
 * A server that outlives a run must not carry one run's history into the next, so there each run gets a session of its
 * own under the given name. An embedded target is fresh and gets the name as it is.
 */
export function sessionOfRun(sessionId: string, embedded: boolean, originNs: bigint): string {
  return sessionId === '' || embedded ? sessionId : `${sessionId}-${originNs.toString(36)}`;
}
