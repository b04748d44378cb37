// What each address of the server's name had of the load. A connection that stands is never moved, so a name with several
// addresses can be measured through one of them only: a reader must be able to see that.

import { isIP } from 'node:net';
import type { BackendShare } from '../../contract/run-result.ts';

/** The shares of several threads, each with connections of its own. */
export function mergeBackends(perThread: readonly (readonly BackendShare[])[]): BackendShare[] {
  const byAddress = new Map<string, BackendShare>();
  for (const share of perThread.flat()) {
    const known = byAddress.get(share.address);
    byAddress.set(share.address, {
      address: share.address,
      connections: share.connections + (known?.connections ?? 0),
      answeredCalls: share.answeredCalls + (known?.answeredCalls ?? 0),
    });
  }
  return [...byAddress.values()];
}

/**
 * Addresses that answered nothing, of a family in which another did: one server commonly has an IPv4 and an IPv6 address, as
 * localhost does, and is measured whole through either.
 */
export function idleBackends(backends: readonly BackendShare[]): BackendShare[] {
  const used = backends.filter(({ answeredCalls }) => answeredCalls > 0);
  const families = new Set(used.map(({ address }) => isIP(address)));
  return backends.filter(
    ({ address, answeredCalls }) => answeredCalls === 0 && families.has(isIP(address)),
  );
}
