// Search attributes of a benchmark, set only where the server knows them.

import { upsertSearchAttributes } from '@temporalio/workflow';
import {
  defineSearchAttributeKey,
  SearchAttributeType,
  type SearchAttributeUpdatePair,
} from '@temporalio/common';
import { SEARCH_ATTRIBUTES, type SearchAttributeName } from '../contract/search-attributes.ts';

export function setSearchAttributes(
  known: readonly SearchAttributeName[],
  values: Readonly<Partial<Record<SearchAttributeName, string | number | null>>>,
): void {
  const updates = known.flatMap((name) => {
    const value = values[name];
    return value === undefined || value === null || value === '' ? [] : [update(name, value)];
  });
  if (updates.length > 0) upsertSearchAttributes(updates);
}

function update(name: SearchAttributeName, value: string | number): SearchAttributeUpdatePair {
  return SEARCH_ATTRIBUTES[name] === 'Keyword'
    ? { key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value: String(value) }
    : { key: defineSearchAttributeKey(name, SearchAttributeType.DOUBLE), value: Number(value) };
}
