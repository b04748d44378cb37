// Questions to the target's process and its answers, over IPC: the child may fail, fall silent or die at any moment, and
// each question then ends in an error that says which.

import { BenchmarkError } from '../contract/failure.ts';
import type { ChildHandle, ExitInfo } from '../runtime/child-process.ts';
import type { FromTarget, ToTarget } from './target-protocol.ts';

type LossCode = 'target-start-failed' | 'target-died';

export type Said<Kind extends FromTarget['kind']> = Extract<FromTarget, { kind: Kind }>;

interface Expectation {
  /** True when the message was the expected one. */
  settle(message: FromTarget): boolean;
  reject(error: BenchmarkError): void;
}

interface Deferred<Message extends FromTarget> extends Expectation {
  readonly promise: Promise<Message>;
}

export class Conversation {
  readonly #child: ChildHandle;
  readonly #expected = new Set<Expectation>();
  #over: ExitInfo | null = null;

  constructor(child: ChildHandle) {
    this.#child = child;
    // Only target-main writes to this channel.
    child.onMessage((message) => this.#heard(message as FromTarget));
    void child.exited.then((exit) => {
      this.#over = exit;
      for (const expectation of this.#expected) expectation.reject(this.#died(exit));
    });
  }

  say(message: ToTarget): void {
    this.#child.send(message);
  }

  /** The next message of that kind that `matches`. Rejects with `code` when it can't come any more. */
  async expect<Kind extends FromTarget['kind']>(
    kind: Kind,
    timeoutMs: number,
    code: LossCode,
    matches: (message: Said<Kind>) => boolean = () => true,
  ): Promise<Said<Kind>> {
    if (this.#over !== null) throw this.#died(this.#over);
    const isKind = (message: FromTarget): message is Said<Kind> => message.kind === kind;
    const expectation = deferred(
      (message): message is Said<Kind> => isKind(message) && matches(message),
    );
    this.#expected.add(expectation);
    const timer = setTimeout(() => expectation.reject(silent(kind, timeoutMs, code)), timeoutMs);
    try {
      return await expectation.promise;
    } catch (thrown) {
      throw thrown instanceof BenchmarkError && thrown.code === 'target-died'
        ? recoded(thrown, code)
        : thrown;
    } finally {
      clearTimeout(timer);
      this.#expected.delete(expectation);
    }
  }

  #heard(message: FromTarget): void {
    for (const expectation of this.#expected) {
      if (message.kind === 'failed')
        expectation.reject(new BenchmarkError(message.code, message.message));
      else if (expectation.settle(message)) return;
    }
  }

  #died(exit: ExitInfo): BenchmarkError {
    const how = exit.signal ?? `exit code ${exit.exitCode}`;
    const stderr = this.#child.stderrTail().trim();
    const said = stderr === '' ? '' : ` Its last words: ${stderr.slice(-1000)}`;
    return new BenchmarkError(
      'target-died',
      `The embedded target's process ended (${how}); the run has to be measured again.${said}`,
      { details: { pid: this.#child.pid, ...exit, stderr } },
    );
  }
}

function recoded(error: BenchmarkError, code: LossCode): BenchmarkError {
  return new BenchmarkError(code, error.message, { details: error.details, cause: error });
}

function silent(kind: string, timeoutMs: number, code: LossCode): BenchmarkError {
  return new BenchmarkError(
    code,
    `The embedded target's process did not answer (${kind}) within ${timeoutMs / 1000} s; try again on a less busy machine.`,
    { details: { kind, timeoutMs } },
  );
}

function deferred<Message extends FromTarget>(
  isExpected: (message: FromTarget) => message is Message,
): Deferred<Message> {
  let resolve: (message: Message) => void = () => undefined;
  let reject: (error: BenchmarkError) => void = () => undefined;
  const promise = new Promise<Message>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  const settle = (message: FromTarget): boolean => {
    if (!isExpected(message)) return false;
    resolve(message);
    return true;
  };
  return { promise, settle, reject: (error) => reject(error) };
}
