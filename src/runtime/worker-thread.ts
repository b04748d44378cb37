// Threads of ours, started from a module of ours, compiled or not: Node's loader hooks do not reach into worker threads, so
// a thread from TypeScript source registers the same loader for itself first.

import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** `modulePath` as siblingModule gives it. */
export function startThread(modulePath: string, options: WorkerOptions): Worker {
  if (!modulePath.endsWith('.ts')) return new Worker(modulePath, options);
  const url = JSON.stringify(pathToFileURL(modulePath).href);
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${url}); });`;
  return new Worker(start, { ...options, eval: true });
}
