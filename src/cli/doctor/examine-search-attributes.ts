// Does the user's Temporal know what benchmarks are found by? Registers what is missing when that is asked for.

import { toBenchmarkError } from '../../contract/failure.ts';
import type { SearchAttributeName } from '../../contract/search-attributes.ts';
import {
  registerSearchAttributes,
  searchAttributeCensus,
} from '../../temporal/search-attribute-registry.ts';
import type { TemporalConnection } from '../../temporal/connection.ts';
import { ok, warn, type Finding } from './finding.ts';

const NAME = 'search-attrs';

export async function examineSearchAttributes(
  connection: TemporalConnection,
  fix: boolean,
): Promise<Finding> {
  try {
    const { known, missing, otherwise } = await searchAttributeCensus(connection);
    if (otherwise.length > 0) {
      const message = `${listed(otherwise)} registered with another type; benchmarks go without`;
      return warn(NAME, message, 'Remove them on the server, then loombench doctor --fix');
    }
    if (missing.length === 0) return ok(NAME, `all ${known.length} are registered`);
    if (!fix) {
      const message = `${listed(missing)} not registered; benchmarks go without`;
      return warn(NAME, message, 'loombench doctor --fix registers them');
    }
    await registerSearchAttributes(connection, missing);
    return ok(NAME, `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} registered now`);
  } catch (error) {
    const { message } = toBenchmarkError(error, 'temporal-unreachable');
    const next = 'Benchmarks go without; docs/OPERATIONS.md has the command for an administrator';
    return warn(NAME, message.replace(/\.$/, ''), next);
  }
}

function listed(names: readonly SearchAttributeName[]): string {
  return `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'}`;
}
