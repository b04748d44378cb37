// What a user may hand in and what comes of it. Expected values are Loom's documented defaults and semantics.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { defaultBenchmarkConfig, defaultHarnessConfig } from '../../src/config/defaults.ts';
import { formatProblems, type ConfigProblem } from '../../src/config/problem.ts';
import { rawFromConfig } from '../../src/config/raw-from-config.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import type { BenchmarkConfig } from '../../src/contract/config.ts';

function accepted(raw: unknown): BenchmarkConfig {
  const resolved = resolveConfig(raw);
  assert.ok(
    resolved.kind === 'ok',
    resolved.kind === 'ok' ? '' : formatProblems(resolved.problems),
  );
  return resolved.config;
}

function refused(raw: unknown): readonly ConfigProblem[] {
  const resolved = resolveConfig(raw);
  assert.ok(resolved.kind === 'invalid', 'accepted');
  return resolved.problems;
}

function refusedPaths(raw: unknown): readonly string[] {
  return refused(raw).map(({ path }) => path);
}

function problemAt(raw: unknown, path: string): string {
  const problem = refused(raw).find((each) => each.path === path);
  assert.ok(problem, `no problem at ${path}`);
  return formatProblems([problem]);
}

describe('the default configuration', () => {
  it('is that of the seed', () => {
    const config = accepted({});
    assert.equal(config.concurrency, 10);
    assert.equal(config.totalRequests, 1000);
    assert.equal(config.durationMs, 0);
    assert.equal(config.requestTimeoutMs, 30_000);
    assert.equal(config.query, 'SELECT * FROM test_table WHERE id = 1');
    assert.equal(config.useStreaming, false);
    assert.equal(config.llm.baseLatencyMs, 200);
    assert.equal(config.llm.jitterMs, 300);
    assert.equal(config.llm.errorRate, 0);
    assert.equal(config.llm.streamChunkSize, 10);
    assert.equal(config.llm.streamChunkDelayMs, 5);
    assert.equal(config.llm.inputTokensPerMessage, 50);
    assert.equal(config.llm.outputTokens, 100);
    assert.equal(config.llm.costUsdPerCall, 0.001);
    assert.equal(config.llm.name, 'loadtest');
    assert.equal(config.llm.model, 'loadtest-mock-v1');
    assert.equal(config.llmConcurrencyLimit, 0);
    assert.equal(config.sessionId, '');
    assert.equal(config.serverAddr, '');
    assert.equal(config.runs, 10);
    assert.equal(config.warmupRuns, 2);
    assert.equal(config.perRunWarmupMs, 5000);
    assert.deepEqual(Object.values(config.collect), [true, true, true, true]);
  });

  it('comes of nothing, null, an empty text and an empty object alike', () => {
    for (const raw of [undefined, null, '', {}]) {
      assert.deepEqual(accepted(raw), defaultBenchmarkConfig());
    }
  });

  it('contains the default of a single run', () => {
    const config = defaultBenchmarkConfig();
    assert.deepEqual({ ...config, ...defaultHarnessConfig() }, config);
  });
});

describe('how a run ends', () => {
  it('is by duration when a duration is given alone', () => {
    const config = accepted({ duration: '1m30s' });
    assert.equal(config.totalRequests, 0);
    assert.equal(config.durationMs, 90_000);
  });

  it('is by count when a count is given, with no duration left over', () => {
    assert.equal(accepted({ totalRequests: 7, duration: '0s' }).durationMs, 0);
    assert.equal(accepted({ totalRequests: 7 }).totalRequests, 7);
  });

  it('is by duration when the count is 0', () => {
    assert.equal(accepted({ totalRequests: 0, duration: '250ms' }).durationMs, 250);
  });

  it('may not be both, and the refusal names both', () => {
    const text = problemAt({ totalRequests: 100, duration: '5s' }, 'duration');
    assert.match(text, /duration 5s and totalRequests 100/);
  });

  it('may not be neither', () => {
    assert.deepEqual(refusedPaths({ totalRequests: 0 }), ['totalRequests']);
    assert.deepEqual(refusedPaths({ totalRequests: 0, duration: '0s' }), ['totalRequests']);
    assert.deepEqual(refusedPaths({ duration: '0s' }), ['duration']);
  });

  it('leaves a measured part after the warm-up of each run', () => {
    assert.deepEqual(refusedPaths({ duration: '2s', perRunWarmup: '2s' }), ['perRunWarmup']);
    assert.equal(accepted({ duration: '2s', perRunWarmup: '1999ms' }).perRunWarmupMs, 1999);
    assert.equal(accepted({ totalRequests: 10, perRunWarmup: '1h' }).perRunWarmupMs, 3_600_000);
  });

  it('shrinks the default warm-up, and only the default, to a tenth of a run below 10 s', () => {
    assert.equal(accepted({ duration: '2s' }).perRunWarmupMs, 200);
    assert.equal(accepted({ duration: '10s' }).perRunWarmupMs, 5000);
    assert.equal(accepted({ duration: '9s', perRunWarmup: '5s' }).perRunWarmupMs, 5000);
  });

  it('comes after the ramp-up', () => {
    assert.deepEqual(refusedPaths({ duration: '5s', rampUp: '5s' }), ['rampUp']);
  });
});

describe('a scenario by name', () => {
  it('gives its settings and its name', () => {
    const config = accepted('quick');
    assert.equal(config.scenarioName, 'quick');
    assert.deepEqual(config, accepted({ scenario: 'quick' }));
  });

  it('yields to what is said beside it', () => {
    const config = accepted({ scenario: 'quick', runs: 2, scenarioName: 'mine' });
    assert.equal(config.runs, 2);
    assert.equal(config.scenarioName, 'mine');
    assert.equal(config.durationMs, 5000);
  });

  it('gives up its duration for a number of calls', () => {
    const config = accepted({ scenario: 'quick', totalRequests: 100 });
    assert.equal(config.totalRequests, 100);
    assert.equal(config.durationMs, 0);
  });

  it('is refused with the nearest name when there is none of that name', () => {
    assert.match(problemAt('quik', 'scenario'), /did you mean quick\?/);
    assert.match(problemAt('something-else', 'scenario'), /there are quick/);
  });
});

describe('bad input', () => {
  it('is told all at once: both unknown keys of one file, each with its nearest name', () => {
    const problems = refused({ concurency: 5, durration: 'x' });
    assert.deepEqual(
      problems.map(({ path, hint }) => [path, hint]),
      [
        ['concurency', 'did you mean concurrency?'],
        ['durration', 'did you mean duration?'],
      ],
    );
  });

  it('is told all at once over keys, values and rules', () => {
    const raw = {
      runs: 0,
      llmErrorRate: 1.5,
      nonsense: 1,
      cert: 'c.pem',
      serverAddr: 'host:1',
      threads: 65,
    };
    assert.deepEqual([...refusedPaths(raw)].sort(), [
      'key',
      'llmErrorRate',
      'nonsense',
      'runs',
      'threads',
    ]);
  });

  const bad: readonly (readonly [string, unknown])[] = [
    ['concurrency', 0],
    ['concurrency', -1],
    ['concurrency', 1.5],
    ['concurrency', '10'],
    ['concurrency', Number.NaN],
    ['totalRequests', -1],
    ['runs', 0],
    ['warmupRuns', -1],
    ['numAgents', 1001],
    ['llmErrorRate', 1.01],
    ['llmErrorRate', -0.01],
    ['duration', 5],
    ['duration', '5'],
    ['duration', '-5s'],
    ['duration', '5 s'],
    ['duration', '5sec'],
    ['duration', '8760h'],
    ['requestTimeout', '0s'],
    ['connectTimeout', '0'],
    ['streamChunkSize', 0],
    ['useStreaming', 'yes'],
    ['engine', 'grpc'],
    ['maxReceiveMessageSize', '4 MB'],
    ['maxReceiveMessageSize', 0],
    ['metadata', ['a=b']],
    ['metadata', { a: 1 }],
    ['query', null],
    ['sessionId', 5],
    ['seed', 2 ** 53],
    ['rate', -1],
  ];
  for (const [key, value] of bad) {
    it(`refuses ${key} ${JSON.stringify(value)} and names that key only`, () => {
      assert.deepEqual(refusedPaths({ [key]: value }), [key]);
    });
  }

  it('offers both units for a duration without one', () => {
    assert.match(problemAt({ duration: '5' }, 'duration'), /needs a unit: 5s or 5ms/);
    assert.match(problemAt({ duration: 5 }, 'duration'), /needs a unit: 5s or 5ms/);
  });

  it("refuses rate 0 and says that 'max' is the word for no limit", () => {
    for (const rate of [0, -0]) {
      assert.match(problemAt({ rate }, 'rate'), /say 'max', to send as fast as answers come/);
    }
    assert.deepEqual(accepted({ rate: 'max' }).arrival, { kind: 'closed' });
  });

  it('is refused whole when it is no object', () => {
    for (const raw of [[], [1], 5, true, () => 1]) assert.deepEqual(refusedPaths(raw), ['']);
  });

  it('cannot reach the prototype', () => {
    const raw: unknown = JSON.parse('{"__proto__": {"runs": 3}, "constructor": 1, "toString": 2}');
    assert.deepEqual([...refusedPaths(raw)].sort(), ['__proto__', 'constructor', 'toString']);
  });

  it('of any shape ends in a configuration or in problems, never in an exception', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (raw) => {
        const resolved = resolveConfig(raw);
        if (resolved.kind === 'invalid') assert.ok(resolved.problems.length > 0);
      }),
    );
    const circular: Record<string, unknown> = {};
    circular['query'] = circular;
    assert.deepEqual(refusedPaths(circular), ['query']);
  });
});

describe('TLS options', () => {
  const serverAddr = 'host:443';

  it('are off unless one is given', () => {
    assert.equal(accepted({ serverAddr }).tls, null);
    assert.deepEqual(accepted({ serverAddr, tls: true }).tls, {
      caPath: null,
      certPath: null,
      keyPath: null,
      serverName: null,
      skipVerify: false,
    });
    assert.equal(accepted({ serverAddr, cacert: 'ca.pem' }).tls?.caPath, 'ca.pem');
    assert.equal(accepted({ serverAddr, skipVerify: true }).tls?.skipVerify, true);
  });

  it('need certificate and key together', () => {
    assert.deepEqual(refusedPaths({ serverAddr, cert: 'c.pem' }), ['key']);
    assert.deepEqual(refusedPaths({ serverAddr, key: 'k.pem' }), ['cert']);
    assert.equal(accepted({ serverAddr, cert: 'c.pem', key: 'k.pem' }).tls?.keyPath, 'k.pem');
  });

  it('are refused where they would have no effect', () => {
    assert.deepEqual(refusedPaths({ tls: true }), ['tls']);
    assert.deepEqual(refusedPaths({ serverAddr, tls: false, cacert: 'ca.pem' }), ['tls']);
  });
});

describe('metadata', () => {
  it('is sent as given when names and values are those of gRPC', () => {
    assert.deepEqual(accepted({ metadata: { 'x-team': 'a b' } }).metadata, { 'x-team': 'a b' });
  });

  for (const [name, value] of [
    ['X-Team', 'a'],
    ['grpc-timeout', '1S'],
    ['te', 'x'],
    ['trace-bin', 'AA'],
    ['a b', 'c'],
    ['ok', 'line\nbreak'],
    ['ok', 'ü'],
  ] as const) {
    it(`refuses ${JSON.stringify(name)}: ${JSON.stringify(value)}`, () => {
      assert.deepEqual(refusedPaths({ metadata: { [name]: value } }), ['metadata']);
    });
  }
});

describe('when calls are sent', () => {
  it('is a constant rate when only a rate is given, over all workers together', () => {
    const config = accepted({ rate: 100, duration: '10s', concurrency: 10 });
    assert.deepEqual(config.arrival, { kind: 'constant', ratePerS: 100 });
    assert.equal(config.durationMs, 10_000);
  });

  it('is Poisson or gamma when said so', () => {
    assert.deepEqual(accepted({ arrival: 'poisson', rate: 50 }).arrival, {
      kind: 'poisson',
      ratePerS: 50,
    });
    assert.deepEqual(accepted({ arrival: 'gamma', rate: 50, burstiness: 0.25 }).arrival, {
      kind: 'gamma',
      ratePerS: 50,
      burstiness: 0.25,
    });
  });

  it('follows stages, whose sum is the length of the run, also over a scenario with a length of its own', () => {
    for (const raw of [
      { stages: '50:10s,100:20s:ramp' },
      { scenario: 'quick', stages: '50:30s' },
    ]) {
      const config = accepted(raw);
      assert.equal(config.arrival.kind, 'stages');
      assert.equal(config.totalRequests, 0);
      assert.equal(config.durationMs, 30_000);
    }
    const { arrival } = accepted({ stages: '50:10s,100:20s:ramp' });
    assert(arrival.kind === 'stages');
    assert.deepEqual(arrival.stages, [
      { ratePerS: 50, durationMs: 10_000, ramp: false },
      { ratePerS: 100, durationMs: 20_000, ramp: true },
    ]);
  });

  it('leaves the length of a replay to its file', () => {
    const config = accepted({ replay: '/times.txt' });
    assert.deepEqual(config.arrival, { kind: 'replay', path: '/times.txt' });
    assert.equal(config.totalRequests, 0);
    assert.equal(config.durationMs, 0);
  });

  for (const [raw, path] of [
    [{ stages: '50:10s', totalRequests: 100 }, 'totalRequests'],
    [{ replay: '/times.txt', duration: '5s' }, 'duration'],
    [{ stages: '0:10s' }, 'stages'],
    [{ stages: '50:10s,' }, 'stages'],
    [{ stages: '50' }, 'stages'],
    [{ stages: `${'9'.repeat(400)}:10s` }, 'stages'],
    [{ stages: '10000001:10s' }, 'stages'],
    [{ stages: '50:99999999999h' }, 'stages'],
    [{ stages: '50:100h,50:100h' }, 'stages'],
    [{ stages: '50:10s', perRunWarmup: '10s' }, 'perRunWarmup'],
    [{ rate: 100, stages: '50:10s' }, 'rate'],
    [{ arrival: 'poisson' }, 'rate'],
    [{ arrival: 'replay' }, 'replay'],
    [{ rate: 100, burstiness: 0.5 }, 'burstiness'],
    [{ rate: 100, rampUp: '1s', duration: '10s' }, 'rampUp'],
    [{ rate: 100, initialPhase: '1s', duration: '10s' }, 'initialPhase'],
    [{ initialPhase: '5s', duration: '5s' }, 'initialPhase'],
    [{ pacing: 'spin' }, 'pacing'],
    [{ maxInFlight: 5 }, 'maxInFlight'],
  ] as const) {
    it(`refuses ${JSON.stringify(raw)}, for ${path} says what the rest contradicts`, () => {
      assert.deepEqual(refusedPaths(raw), [path]);
    });
  }

  it('is told all at once what is missing beside what is wrong', () => {
    assert.deepEqual(refusedPaths({ arrival: 'gamma', burstiness: -1 }), ['burstiness', 'rate']);
    assert.deepEqual(refusedPaths({ stages: '50', burstiness: -1, duration: '5' }), [
      'burstiness',
      'duration',
      'stages',
    ]);
  });

  it('names the highest rate when one is above it', () => {
    assert.match(problemAt({ rate: 1e15 }, 'rate'), /up to 10000000/);
    assert.match(problemAt({ stages: '50:10s,1000000000:10s' }, 'stages'), /10000000 calls/);
  });

  it('keeps every model through a report and back', () => {
    for (const raw of [
      { rate: 100, pacing: 'spin', maxInFlight: 50 },
      { arrival: 'gamma', rate: 12.5, burstiness: 4, duration: '1m30s' },
      { stages: '50:10s,0:500ms,100:20s:ramp' },
      { replay: '/times.txt', perRunWarmup: '0s' },
      { initialPhase: '250ms' },
      { threads: 'auto' },
      { threads: 3 },
    ]) {
      const config = accepted(raw);
      assert.deepEqual(accepted(rawFromConfig(config)), config);
    }
  });
});

describe('the number of threads', () => {
  it("is a number, or 0 for 'auto', from a flag or a variable as from a file", () => {
    assert.equal(accepted({}).threads, 1);
    assert.equal(accepted({ threads: 4 }).threads, 4);
    assert.equal(accepted({ threads: 'auto' }).threads, 0);
    for (const threads of [0, 65, 1.5, 'some']) {
      const [problem] = refused({ threads });
      assert.equal(problem?.path, 'threads');
      assert.match(problem.message, /from 1 to 64, or 'auto'/);
    }
  });
});

describe('the hash of a configuration', () => {
  const hashOf = (raw: unknown): string => {
    const resolved = resolveConfig(raw);
    assert.ok(resolved.kind === 'ok');
    return resolved.configHash;
  };

  it('is the same for the same experiment, however it is written', () => {
    assert.match(hashOf({}), /^[0-9a-f]{64}$/);
    assert.equal(hashOf({ runs: 3, concurrency: 5 }), hashOf({ concurrency: 5, runs: 3 }));
    assert.equal(hashOf({ duration: '90s' }), hashOf({ duration: '1m30s', totalRequests: 0 }));
  });

  it('leaves out what only names the result', () => {
    assert.equal(hashOf({ outputPath: 'a.json', scenarioName: 'x' }), hashOf({}));
    assert.equal(hashOf({ reportFormat: 'html' }), hashOf({}));
  });

  it('changes with anything else', () => {
    const others = [
      { seed: 2 },
      { llmJitter: '1ms' },
      { metadata: { a: 'b' } },
      { collectHistogram: false },
    ];
    assert.equal(new Set([{}, ...others].map(hashOf)).size, others.length + 1);
  });
});

describe('a configuration turned back into a file', () => {
  it('resolves to itself', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            concurrency: fc.integer({ min: 1, max: 100 }),
            duration: fc.constantFrom('250ms', '5s', '1m30s', '1h', '500us'),
            llmBaseLatency: fc.constantFrom('0', '1.5ms', '10ms'),
            llmErrorRate: fc.double({ min: 0, max: 1, noNaN: true }),
            query: fc.string(),
            metadata: fc.constant({ a: 'b' }),
            serverAddr: fc.constant('[::1]:443'),
            cacert: fc.constant('ca.pem'),
            collectResources: fc.boolean(),
            useStreaming: fc.boolean(),
            scenario: fc.constant('quick'),
          },
          { requiredKeys: ['serverAddr'] },
        ),
        (raw) => {
          const resolved = resolveConfig({ ...raw, perRunWarmup: '0s' });
          assert.ok(resolved.kind === 'ok');
          const again = resolveConfig(rawFromConfig(resolved.config));
          assert.deepEqual(again, resolved);
        },
      ),
    );
    assert.deepEqual(accepted(rawFromConfig(accepted({}))), accepted({}));
    assert.deepEqual(
      accepted(rawFromConfig(accepted({ duration: '2s' }))),
      accepted({ duration: '2s' }),
    );
  });
});

describe('the forms of a report', () => {
  it('are a list in any spelling, each once, and lead back to their option', () => {
    for (const reportFormat of ['csv,html', ['html', 'csv'], ['csv', 'html,csv']]) {
      const config = accepted({ reportFormat });
      assert.deepEqual(config.reportFormats, ['html', 'csv']);
      assert.deepEqual(accepted(rawFromConfig(config)), config);
    }
    assert.equal(accepted({}).reportFormats, undefined);
  });

  it('are refused where there is no such form, with the nearest one', () => {
    assert.match(
      problemAt({ reportFormat: 'html,cvs' }, 'reportFormat'),
      /"cvs".*did you mean csv/s,
    );
  });
});
