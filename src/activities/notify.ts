// Tells a program or a web address of a regression. The message is data all the way: on standard input or in a request's
// body, never in a command line, and no shell reads the command. Until it was taken the activity fails, to be tried again.

import { spawn } from 'node:child_process';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityDependencies } from './dependencies.ts';
import type { NotifyRequest } from './interface.ts';

const TIMEOUT_MS = 20_000;
const STDERR_KEPT = 300;

export async function notify(
  { channel, message }: NotifyRequest,
  { notifyCommands, shutdown }: Pick<ActivityDependencies, 'notifyCommands' | 'shutdown'>,
): Promise<void> {
  const text = JSON.stringify(message);
  const signal = AbortSignal.any([shutdown, AbortSignal.timeout(TIMEOUT_MS)]);
  if (channel.kind === 'webhook') return post(channel.url, text, signal);
  if (!notifyCommands) {
    throw final(
      'This worker runs no programs for benchmarks that others may start. ' +
        'Start it with LOOMBENCH_NOTIFY_COMMANDS=on to allow it, or use notifyWebhook.',
    );
  }
  return runProgram(channel.command, text, signal);
}

/** Bounded, redirects refused: a message goes where the user said and nowhere else. */
async function post(url: string, text: string, signal: AbortSignal): Promise<void> {
  let status: number;
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json' },
      redirect: 'error',
      signal,
    });
    ({ status } = response);
    await response.body?.cancel();
  } catch (error) {
    throw again(`${originOf(url)} could not be reached: ${reasonOf(error)}`);
  }
  if (status >= 200 && status < 300) return;
  const reason = `${originOf(url)} answered with status ${status}`;
  throw status >= 500 || status === 429 || status === 408 ? again(reason) : final(reason);
}

/** Without the path: addresses of webhooks are secrets, and failures stand in history. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'the webhook';
}

function runProgram(command: string, text: string, signal: AbortSignal): Promise<void> {
  const [program = '', ...args] = command.trim().split(/\s+/);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      shell: false,
      stdio: ['pipe', 'ignore', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      if (stderr.length < STDERR_KEPT) stderr += part;
    });
    // A program that does not read its input is no failure.
    child.stdin.on('error', () => undefined).end(text);
    child.once('error', (error) => reject(again(`${program} could not be run: ${error.message}`)));
    child.once('close', (code, killedBy) => {
      if (code === 0) {
        resolve();
        return;
      }
      const end = code === null ? `was ended by ${String(killedBy)}` : `ended with ${code}`;
      reject(again(`${program} ${end}: ${stderr.slice(0, STDERR_KEPT).trim()}`));
    });
  });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

function again(message: string): ApplicationFailure {
  return ApplicationFailure.retryable(message, 'notify-failed');
}

function final(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'notify-refused');
}
