// Every workflow type of loombench, by the name it is started with. Bundled for the sandbox.

export { benchmark } from './benchmark.ts';
export { benchmarkSuite } from './benchmark-suite.ts';
export { capacity } from './capacity.ts';
export { targetLease } from './target-lease.ts';
