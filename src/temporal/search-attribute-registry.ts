// Which of our search attributes a Temporal namespace knows, and how it comes to know the others.

import { ServiceError } from '@temporalio/client';
import { BenchmarkError } from '../contract/failure.ts';
import { SEARCH_ATTRIBUTES, type SearchAttributeName } from '../contract/search-attributes.ts';
import type { TemporalConnection } from './connection.ts';

type Place = Pick<TemporalConnection, 'client' | 'namespace'>;

/** temporal.api.enums.v1.IndexedValueType */
const INDEXED_TYPES = { Keyword: 2, Double: 4 } as const;
/** gRPC: PERMISSION_DENIED, UNIMPLEMENTED. */
const NOT_FOR_US: ReadonlySet<unknown> = new Set([7, 12]);

export interface AttributeCensus {
  /** With the type that we set; the only ones that may be set. */
  readonly known: readonly SearchAttributeName[];
  readonly missing: readonly SearchAttributeName[];
  /** Registered with another type: setting one would wedge the workflow. */
  readonly otherwise: readonly SearchAttributeName[];
}

/** A server that does not let us ask is one that knows none. */
export async function searchAttributeCensus(place: Place): Promise<AttributeCensus> {
  const custom = await customAttributes(place);
  // Object.keys widens to string; the list is ours.
  const ours = Object.keys(SEARCH_ATTRIBUTES) as SearchAttributeName[];
  const typeOf = (name: SearchAttributeName): unknown => custom[name];
  const isOurs = (name: SearchAttributeName): boolean =>
    typeOf(name) === INDEXED_TYPES[SEARCH_ATTRIBUTES[name]];
  return {
    known: ours.filter(isOurs),
    missing: ours.filter((name) => typeOf(name) === undefined),
    otherwise: ours.filter((name) => typeOf(name) !== undefined && !isOurs(name)),
  };
}

async function customAttributes({
  client,
  namespace,
}: Place): Promise<Readonly<Record<string, unknown>>> {
  try {
    const listed = await client.connection.operatorService.listSearchAttributes({ namespace });
    return listed.customAttributes;
  } catch (error) {
    if (isNotForUs(error)) return {};
    throw error;
  }
}

/** Throws BenchmarkError 'config-invalid' when the server does not let this client do it. */
export async function registerSearchAttributes(
  { client, namespace }: Place,
  names: readonly SearchAttributeName[],
): Promise<void> {
  const searchAttributes = Object.fromEntries(
    names.map((name) => [name, INDEXED_TYPES[SEARCH_ATTRIBUTES[name]]]),
  );
  try {
    await client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    if (!isNotForUs(error)) throw error;
    throw new BenchmarkError(
      'config-invalid',
      `The server does not let this client register search attributes in namespace ${namespace}`,
      { cause: error },
    );
  }
}

function isNotForUs(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return (
    typeof cause === 'object' && cause !== null && 'code' in cause && NOT_FOR_US.has(cause.code)
  );
}
