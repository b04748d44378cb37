// The agents of the target: N of them with stable ids, the first one the default.

import { DRAW, drawKey, drawUuid } from './seeded-draw.ts';

export const MAX_AGENTS = 1000;
const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;
/** Ids named in an error message; more would not fit a trailer. */
const MAX_NAMED = 20;

export interface Agent {
  readonly id: string;
  readonly name: string;
}

export interface AgentPage {
  readonly agents: readonly Agent[];
  readonly nextPageToken: string;
  readonly totalCount: number;
}

export class AgentDirectory {
  readonly #key: number;
  #agents: readonly Agent[] = [];
  #byId = new Map<string, Agent>();
  #default: Agent;

  constructor(count: number, seed: number) {
    this.#key = drawKey(seed, DRAW.agentId);
    this.#default = this.#agent(0);
    this.resize(count);
  }

  get count(): number {
    return this.#agents.length;
  }

  /** Agents keep their ids: growing adds some, shrinking takes the last ones away. 0 means one, as in Loom. */
  resize(count: number): void {
    const agents = Array.from({ length: Math.max(1, count) }, (_, index) => this.#agent(index));
    this.#agents = agents;
    this.#byId = new Map(agents.map((agent) => [agent.id, agent]));
    this.#default = agents[0] ?? this.#default;
  }

  /** By id or by name; empty is the default agent. */
  find(idOrName: string): Agent | null {
    if (idOrName === '') return this.#default;
    const byId = this.#byId.get(idOrName);
    if (byId !== undefined) return byId;
    return this.#agents.find((agent) => agent.name === idOrName) ?? null;
  }

  notFoundMessage(id: string): string {
    const ids = this.#agents.slice(0, MAX_NAMED).map((agent) => agent.id);
    const more = this.#agents.length > MAX_NAMED ? ` … ${this.#agents.length} in all` : '';
    return `agent not found: ${id} (available: [${ids.join(' ')}${more}])`;
  }

  /** null when the token is none of ours. Page size 0 means the default. */
  page(pageSize: number, pageToken: string): AgentPage | null {
    const start = pageToken === '' ? 0 : Number(pageToken);
    if (!Number.isInteger(start) || start < 0 || start > this.#agents.length) return null;
    const size = pageSize > 0 ? Math.min(pageSize, MAX_PAGE_SIZE) : DEFAULT_PAGE_SIZE;
    const end = Math.min(start + size, this.#agents.length);
    return {
      agents: this.#agents.slice(start, end),
      nextPageToken: end < this.#agents.length ? String(end) : '',
      totalCount: this.#agents.length,
    };
  }

  #agent(index: number): Agent {
    return {
      id: drawUuid(this.#key, index),
      name: index === 0 ? 'default' : `agent-${index + 1}`,
    };
  }
}
