// The few calls that a benchmark makes besides its load, as every engine makes them: what a refusal means and how a list
// of agents comes to its end must not depend on the engine.

import { BenchmarkError } from '../../contract/failure.ts';
import { grpcStatusName } from '../../contract/outcome.ts';
import type { AgentSummary } from './engine.ts';

export const AGENTS_PER_PAGE = 500;
/** A server that never ends its list must not hold a benchmark. */
const MAX_AGENT_PAGES = 1000;

/** Codes by which a server is not there, rather than unwilling: DEADLINE_EXCEEDED and UNAVAILABLE. */
const ABSENT_CODES: ReadonlySet<number> = new Set([4, 14]);

interface Refusal {
  readonly serverAddr: string;
  readonly method: string;
  readonly grpcStatus: number;
  readonly details: string;
}

/** BenchmarkError 'target-unreachable' or 'target-refused-plan' for a control call that failed. */
export function refusalError(refusal: Refusal, cause?: unknown): BenchmarkError {
  const { serverAddr, method, grpcStatus, details } = refusal;
  return new BenchmarkError(
    ABSENT_CODES.has(grpcStatus) ? 'target-unreachable' : 'target-refused-plan',
    `${serverAddr} did not answer ${method} (${grpcStatusName(grpcStatus)}: ${details}).`,
    { cause },
  );
}

export interface AgentPage {
  readonly agents: readonly AgentSummary[];
  readonly nextPageToken: string;
}

/** All pages. Throws BenchmarkError 'target-refused-plan' for a list without an end. */
export async function collectAgents(
  serverAddr: string,
  askPage: (pageToken: string) => Promise<AgentPage>,
): Promise<AgentSummary[]> {
  const agents: AgentSummary[] = [];
  let pageToken = '';
  for (let page = 0; page < MAX_AGENT_PAGES; page++) {
    const reply = await askPage(pageToken);
    agents.push(...reply.agents.map(({ id, name }) => ({ id, name })));
    pageToken = reply.nextPageToken;
    if (pageToken === '') return agents;
  }
  throw new BenchmarkError(
    'target-refused-plan',
    `${serverAddr} did not end its list of agents after ${MAX_AGENT_PAGES} pages.`,
  );
}
