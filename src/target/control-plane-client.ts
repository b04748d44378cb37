// Client of a bench server's control plane, ours or a real Loom's. It returns what the server said and believes none of
// it: a real one has been seen to acknowledge settings that it never applied, so effects are checked elsewhere.

import { BenchmarkError } from '../contract/failure.ts';
import type { ControlPlaneMetrics } from './control-plane.ts';
import type { ControlSettings } from './control-settings.ts';

const DEFAULT_TIMEOUT_MS = 5000;
const MAX_QUOTED_CHARS = 500;

export interface ControlPlaneClientOptions {
  /** Per request; default 5 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** All methods throw BenchmarkError 'target-unreachable' (no answer) or 'target-refused-plan' (an answer that is no 2xx, or no JSON object). */
export class ControlPlaneClient {
  readonly #baseUrl: string;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;

  /** `baseUrl` like http://127.0.0.1:8080. */
  constructor(baseUrl: string, options: ControlPlaneClientOptions = {}) {
    this.#baseUrl = baseUrl.replace(/\/+$/, '');
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#signal = options.signal;
  }

  /** The server's whole answer: its claim of what is in force now. */
  async reconfigure(settings: ControlSettings): Promise<Readonly<Record<string, unknown>>> {
    return this.#ask('POST', '/reconfigure', settings);
  }

  async reset(): Promise<Readonly<Record<string, unknown>>> {
    return this.#ask('POST', '/reset', {});
  }

  /** Fields that the server did not state as numbers are null. */
  async metrics(): Promise<{ readonly [Key in keyof ControlPlaneMetrics]: number | null }> {
    const said = await this.#ask('GET', '/metrics');
    const field = (name: keyof ControlPlaneMetrics): number | null => {
      const value = said[name];
      return typeof value === 'number' ? value : null;
    };
    return {
      TotalCalls: field('TotalCalls'),
      SuccessCount: field('SuccessCount'),
      ErrorCount: field('ErrorCount'),
      AvgLatency: field('AvgLatency'),
      MinLatency: field('MinLatency'),
      MaxLatency: field('MaxLatency'),
    };
  }

  async health(): Promise<{ readonly status: string; readonly commit: string | null }> {
    const { status, commit } = await this.#ask('GET', '/health');
    return {
      status: typeof status === 'string' ? status : '',
      commit: typeof commit === 'string' ? commit : null,
    };
  }

  async #ask(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const url = this.#baseUrl + path;
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const signal = this.#signal === undefined ? timeout : AbortSignal.any([timeout, this.#signal]);
    let status: number;
    let text: string;
    try {
      const response = await fetch(url, {
        method,
        signal,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      status = response.status;
      text = await response.text();
    } catch (thrown) {
      throw unreachable(url, this.#timeoutMs, thrown);
    }
    const parsed = parseObject(text);
    if (status < 200 || status > 299 || parsed === null) throw refused(url, status, text);
    return parsed;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
    // A JSON object is a record of unknown values.
    return parsed as Record<string, unknown>;
  } catch {
    return null;
  }
}

function unreachable(url: string, timeoutMs: number, thrown: unknown): BenchmarkError {
  const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BenchmarkError(
    'target-unreachable',
    `No answer from the control plane at ${url} within ${timeoutMs / 1000} s (${reason}): check its address and that the bench server runs.`,
    { details: { url, timeoutMs }, cause: thrown },
  );
}

function refused(url: string, status: number, text: string): BenchmarkError {
  const quoted = text.trim().slice(0, MAX_QUOTED_CHARS);
  return new BenchmarkError(
    'target-refused-plan',
    `The control plane at ${url} answered HTTP ${status}: ${quoted === '' ? '(nothing)' : quoted}`,
    { details: { url, status, body: quoted } },
  );
}
