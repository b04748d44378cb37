import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ArrivalModel } from '../../../src/contract/config.ts';
import type { ProcessSample } from '../../../src/contract/resources.ts';
import type { LatencySummary, NullFloor, RunIdentity } from '../../../src/contract/run-result.ts';
import type { GateResult } from '../../../src/contract/warning.ts';
import { drawGammaMeanOne } from '../../../src/harness/arrivals/draws.ts';
import { seededRandom } from '../../../src/harness/arrivals/seeded-random.ts';
import { SendLog, type SendSample } from '../../../src/harness/arrivals/send-log.ts';
import type { GateFacts } from '../../../src/harness/gates/gate-facts.ts';
import { runGates } from '../../../src/harness/gates/run-gates.ts';
import type { TargetSettings } from '../../../src/target/target-protocol.ts';
import { processSample as sample } from '../../support/resource-samples.ts';
import { harnessConfig, type HarnessChanges } from '../../support/run-plans.ts';

function latency(us: number, changes: Partial<LatencySummary> = {}): LatencySummary {
  return {
    n: 10_000,
    minUs: us,
    meanUs: us,
    p50Us: us,
    p90Us: us,
    p95Us: us,
    p99Us: us,
    p999Us: us,
    p9999Us: us,
    maxUs: us,
    ...changes,
  };
}

const SETTINGS: TargetSettings = {
  llm: harnessConfig({ llm: { baseLatencyMs: 20 } }).llm,
  llmConcurrencyLimit: 1000,
  numAgents: 1,
};
const FLOOR: NullFloor = {
  engine: 'wire',
  calls: 900,
  p50Us: 400,
  p99Us: 900,
  measuredAtUtc: '2026-01-02T03:04:05.000Z',
};
const IDENTITY: RunIdentity = { build: 'b', configSha256: 'c' };

interface Changes {
  readonly harness?: HarnessChanges;
  readonly embedded?: boolean;
  readonly measured?: Partial<GateFacts['measured']>;
  readonly drive?: Partial<GateFacts['drive']>;
  readonly generator?: Partial<GateFacts['generator']>;
  readonly target?: Partial<NonNullable<GateFacts['target']>> | null;
  readonly setup?: Partial<Pick<GateFacts, 'echo' | 'identity' | 'nullFloor'>>;
}

/** A clean run: 10 workers, 20 s, 20 ms a call, 10,000 calls at 500/s on an embedded target of 20 ms. */
function facts(changes: Changes = {}): GateFacts {
  const counts = { issued: 10_000, ok: 10_000, degraded: 0, errors: 0, incomplete: 0 };
  const zeros = new Array<number>(17).fill(0);
  return {
    harness: harnessConfig({ durationMs: 20_000, llm: { baseLatencyMs: 20 }, ...changes.harness }),
    embedded: changes.embedded ?? true,
    measured: {
      window: { startMs: 0, endMs: 20_000, trimmedBy: 'nothing' },
      calls: counts,
      windowCalls: counts,
      throughputRps: 500,
      okThroughputRps: 500,
      offeredRps: null,
      littlesLaw: {
        meanInFlight: 9.99,
        throughputRps: 500,
        meanResponseUs: 20_000,
        edgeTerm: 0,
        relativeError: 0.001,
      },
      serviceTime: latency(20_000),
      responseTime: latency(20_000),
      sendLateness: latency(100),
      ...changes.measured,
    },
    drive: {
      issued: 10_000,
      unsent: 0,
      heldBack: 0,
      sends: null,
      endsByServer: [10_000, ...zeros.slice(1)],
      endsByClient: zeros,
      ...changes.drive,
    },
    generator: {
      samples: [sample(), sample()],
      clockDriftMs: 0.2,
      heapLimitBytes: 2e9,
      swapBytes: 0,
      ...changes.generator,
    },
    target:
      changes.target === null
        ? null
        : {
            rpcsReceived: 10_000,
            rpcsByStatus: { OK: 10_000 },
            maxConcurrentRpcs: 10,
            llmCalls: 10_000,
            llmErrors: 0,
            callsByAgent: {},
            llmLatencyMinUs: 20_000,
            llmLatencyMaxUs: 20_000,
            llmLatencyMeanUs: 20_000,
            ...changes.target,
          },
    echo: { before: SETTINGS, after: SETTINGS },
    identity: { asked: IDENTITY, own: IDENTITY },
    nullFloor: FLOOR,
    ...changes.setup,
  };
}

function gate(id: string, changes: Changes = {}): GateResult {
  const found = runGates(facts(changes)).find((result) => result.id === id);
  assert(found !== undefined, id);
  return found;
}

function ends(byCode: Record<number, number>): number[] {
  return Array.from({ length: 17 }, (_, code) => byCode[code] ?? 0);
}

const openLoop: HarnessChanges = { arrival: { kind: 'constant', ratePerS: 500 } };

describe('run gates', () => {
  it('let a clean closed run pass, each with a sentence and no gate twice', () => {
    const results = runGates(facts());
    assert.deepEqual(
      results.filter((result) => result.status !== 'pass').map((result) => result.id),
      ['G1', 'G3'],
    );
    assert.equal(new Set(results.map((result) => result.id)).size, results.length);
    assert(results.every((result) => result.message.endsWith('.')));
  });

  it('G1 wants p99 of the lateness below 1 ms or 5 % of the p50 response', () => {
    const at = (p99Us: number, responseUs: number): string =>
      gate('G1', {
        harness: openLoop,
        measured: {
          offeredRps: 500,
          sendLateness: latency(100, { p99Us, maxUs: p99Us }),
          responseTime: latency(responseUs),
        },
      }).status;
    assert.equal(at(1000, 10_000), 'pass');
    assert.equal(at(1001, 10_000), 'fail');
    assert.equal(at(5000, 100_000), 'pass');
    assert.equal(at(5001, 100_000), 'fail');
  });

  it('G1 fails when a send was later than the p99 response, when calls were not sent, or the rate was missed', () => {
    const open = { offeredRps: 500, sendLateness: latency(100) };
    const late = { ...open, sendLateness: latency(100, { maxUs: 30_000 }) };
    assert.equal(gate('G1', { harness: openLoop, measured: open }).status, 'pass');
    assert.match(gate('G1', { harness: openLoop, measured: late }).message, /30000 µs late/);
    const unsent = gate('G1', { harness: openLoop, measured: open, drive: { unsent: 3 } });
    assert.equal(unsent.status, 'fail');
    assert.match(unsent.message, /3 calls/);
    const missed: HarnessChanges = { arrival: { kind: 'constant', ratePerS: 600 } };
    assert.equal(gate('G1', { harness: missed, measured: open }).status, 'fail');
  });

  it('G2 does not hold the polling of spin pacing against a loop, but its delays', () => {
    const harness: HarnessChanges = { ...openLoop, pacing: 'spin' };
    const spinning = sample({ eventLoopUtilisation: 1, cpuUtilisation: 1 });
    const free = gate('G2', { harness, generator: { samples: [spinning] } });
    assert.equal(free.status, 'pass');
    assert.match(free.message, /took 1 cores/);
    const stuck = sample({ eventLoopUtilisation: 1, eventLoopDelayP99Us: 20_000 });
    assert.equal(gate('G2', { harness, generator: { samples: [stuck] } }).status, 'fail');
    const closed: HarnessChanges = { pacing: 'spin' };
    assert.equal(
      gate('G2', { harness: closed, generator: { samples: [spinning] } }).status,
      'fail',
    );
  });

  it('G2 fails a saturated loop, warns of a busy one, and lets one bad second pass', () => {
    const at = (changes: Partial<ProcessSample>): string =>
      gate('G2', { generator: { samples: [sample(changes), sample(changes)] } }).status;
    assert.equal(at({ eventLoopDelayP99Us: 10_001 }), 'fail');
    assert.equal(at({ eventLoopDelayP99Us: 2001 }), 'warn');
    assert.equal(at({ eventLoopUtilisation: 0.71 }), 'fail');
    assert.equal(at({ eventLoopUtilisation: 0.51 }), 'warn');
    assert.equal(at({ cpuUtilisation: 0.81 }), 'fail');
    const hiccup = [sample(), sample(), sample({ eventLoopDelayP99Us: 50_000 })];
    assert.equal(gate('G2', { generator: { samples: hiccup } }).status, 'pass');
    assert.equal(gate('G2', { generator: { samples: [] } }).status, 'not-measured');
  });

  it('G4 fails a timed closed loop whose workers wait between calls, and warns for a counted one', () => {
    const littlesLaw = {
      meanInFlight: 9.7,
      throughputRps: 485,
      meanResponseUs: 20_000,
      edgeTerm: 0,
      relativeError: 0,
    };
    assert.equal(gate('G4', { measured: { littlesLaw } }).status, 'fail');
    const counted = { harness: { totalRequests: 10_000 }, measured: { littlesLaw } };
    assert.equal(gate('G4', counted).status, 'warn');
    const ramping = { harness: { rampUpMs: 1000 }, measured: { littlesLaw } };
    assert.equal(gate('G4', ramping).status, 'not-measured');
  });

  it("G5 fails when Little's law is off by more than 1 %", () => {
    const law = (relativeError: number): GateResult =>
      gate('G5', {
        measured: {
          littlesLaw: {
            meanInFlight: 10,
            throughputRps: 500,
            meanResponseUs: 20_000,
            edgeTerm: 0,
            relativeError,
          },
        },
      });
    assert.equal(law(0.01).status, 'pass');
    assert.equal(law(0.0101).status, 'fail');
  });

  it('G6 fails when a call is faster than its LLM, or more succeed than the limiter lets through', () => {
    const fast = { serviceTime: latency(20_000, { minUs: 18_999 }) };
    assert.equal(gate('G6', { measured: fast }).status, 'fail');
    const edge = { serviceTime: latency(20_000, { minUs: 19_000 }) };
    assert.equal(gate('G6', { measured: edge }).status, 'pass');
    // 10 workers and 20 ms give 500/s at most; 5 places give 250/s.
    assert.equal(gate('G6', { measured: { okThroughputRps: 510 } }).status, 'fail');
    assert.equal(gate('G6', { harness: { llmConcurrencyLimit: 0 } }).status, 'fail');
    assert.equal(gate('G6', { embedded: false, target: null }).status, 'not-measured');
  });

  it('G7 compares the books exactly when every call ended at the server', () => {
    assert.equal(gate('G7', { target: { rpcsReceived: 9999 } }).status, 'fail');
    assert.equal(gate('G7', { target: { rpcsReceived: 10_001 } }).status, 'fail');
    const swapped = { rpcsByStatus: { OK: 9999, INTERNAL: 1 } };
    assert.equal(gate('G7', { target: swapped }).status, 'fail');
    const both = { endsByServer: ends({ 0: 9999, 13: 1 }) };
    assert.equal(gate('G7', { drive: both, target: swapped }).status, 'pass');
  });

  it('G7 takes a call that was given up for one thing, whichever of its two names each side gives it', () => {
    const drive = { endsByServer: ends({ 0: 9990, 4: 10 }) };
    const target = { rpcsByStatus: { OK: 9_990, CANCELLED: 10 } };
    assert.equal(gate('G7', { drive, target }).status, 'pass');
    const other = { rpcsByStatus: { OK: 9_990, INTERNAL: 10 } };
    assert.equal(gate('G7', { drive, target: other }).status, 'fail');
  });

  it('G7 leaves as much room as calls ended on this side, and no more', () => {
    const drive = { endsByServer: ends({ 0: 9990 }), endsByClient: ends({ 4: 10 }) };
    const booked = (cancelled: number, received: number): string =>
      gate('G7', {
        drive,
        target: { rpcsReceived: received, rpcsByStatus: { OK: 9990, CANCELLED: cancelled } },
      }).status;
    assert.equal(booked(10, 10_000), 'pass');
    assert.equal(booked(8, 9998), 'pass');
    assert.equal(booked(11, 10_001), 'fail');
    assert.equal(booked(0, 9989), 'fail');
  });

  it('G9 and G10 only warn', () => {
    const counts = { issued: 10_000, ok: 9996, degraded: 0, errors: 0, incomplete: 4 };
    assert.equal(gate('G9', { measured: { calls: counts } }).status, 'warn');
    const short = { window: { startMs: 0, endMs: 9999, trimmedBy: 'nothing' } } as const;
    assert.equal(gate('G10', { measured: short }).status, 'warn');
    const few = { serviceTime: latency(20_000, { n: 367 }) };
    assert.equal(gate('G10', { measured: few }).status, 'warn');
    const slow = { serviceTime: latency(300_000) };
    assert.equal(gate('G10', { measured: slow }).status, 'warn');
  });

  it('G11 fails when the clocks moved apart by 50 ms, either way', () => {
    assert.equal(gate('G11', { generator: { clockDriftMs: -50 } }).status, 'fail');
    assert.equal(gate('G11', { generator: { clockDriftMs: 49.9 } }).status, 'pass');
  });

  it('G13 allows what the target was told to inject, warns above and fails far above', () => {
    const share = (errors: number, errorRate: number, embedded = true): string =>
      gate('G13', {
        embedded,
        harness: { llm: { baseLatencyMs: 20, errorRate } },
        measured: {
          windowCalls: {
            issued: 10_000,
            ok: 10_000 - errors,
            degraded: 0,
            errors,
            incomplete: 0,
          },
        },
      }).status;
    assert.equal(share(100, 0), 'pass');
    assert.equal(share(101, 0), 'warn');
    assert.equal(share(1001, 0), 'fail');
    assert.equal(share(3151, 0.3), 'pass');
    assert.equal(share(10_000, 1), 'pass');
    assert.equal(share(3000, 0.3, false), 'fail');
  });

  it('G15 fails when the heap is nearly full or the process was swapped out', () => {
    const full = { samples: [sample({ heap_alloc_mb: 1900 })] };
    assert.equal(gate('G15', { generator: full }).status, 'fail');
    assert.equal(gate('G15', { generator: { swapBytes: 4096 } }).status, 'fail');
    assert.equal(gate('G15', { generator: { swapBytes: null } }).status, 'pass');
  });

  it('G8 compares what the target says is in force with what was asked for, before and after', () => {
    const drifted = { ...SETTINGS, llm: { ...SETTINGS.llm, baseLatencyMs: 5 } };
    const never = gate('G8', { setup: { echo: { before: drifted, after: drifted } } });
    assert.equal(never.status, 'fail');
    assert.equal(never.value, 1);
    assert.match(never.message, /baseLatencyMs not as asked for/);
    const limited = { ...SETTINGS, llmConcurrencyLimit: 5 };
    const moved = gate('G8', { setup: { echo: { before: SETTINGS, after: limited } } });
    assert.match(moved.message, /llmConcurrencyLimit changed during the run/);
    const byDefault = {
      harness: { llmConcurrencyLimit: 0 },
      setup: { echo: { before: limited, after: limited } },
    };
    assert.equal(gate('G8', byDefault).status, 'pass');
    assert.equal(gate('G8', { setup: { echo: null } }).status, 'not-measured');
  });

  it('G12 fails when the generator is of another build or has another configuration', () => {
    for (const other of [{ build: 'x' }, { configSha256: 'x' }]) {
      const identity = { asked: IDENTITY, own: { ...IDENTITY, ...other } };
      assert.equal(gate('G12', { setup: { identity } }).status, 'fail');
    }
    assert.equal(gate('G12').status, 'pass');
  });

  it('G14 warns of latencies below five times the floor and names it', () => {
    const near = gate('G14', { measured: { serviceTime: latency(1999) } });
    assert.equal(near.status, 'warn');
    assert.equal(near.limit, 2000);
    assert.match(near.message, /400 µs at p50 and 900 µs at p99/);
    assert.equal(gate('G14', { measured: { serviceTime: latency(2000) } }).status, 'pass');
    assert.equal(gate('G14', { setup: { nullFloor: null } }).status, 'not-measured');
  });

  describe('G3, on 5,000 sends', () => {
    const random = seededRandom(3);
    const sends = (gapNs: () => number): SendSample => {
      const log = new SendLog(0);
      for (let call = 0, atNs = 0; call < 5000; call++) {
        atNs += gapNs();
        log.sent(atNs);
      }
      return log.sample();
    };
    const exponential = (): number => -5e6 * Math.log1p(-random());
    const law = (arrival: ArrivalModel, gapNs: () => number, latenessUs = 50): GateResult =>
      gate('G3', {
        harness: { arrival },
        measured: { sendLateness: latency(latenessUs) },
        drive: { sends: sends(gapNs) },
      });
    const poisson: ArrivalModel = { kind: 'poisson', ratePerS: 200 };

    it('passes exponential gaps of the rate asked for', () => {
      const passed = law(poisson, exponential);
      assert.equal(passed.status, 'pass', passed.message);
      assert((passed.value ?? 1) < (passed.limit ?? 0));
    });

    it('fails even gaps, another rate, and bursts', () => {
      for (const gapNs of [
        () => 5e6,
        () => 1.1 * exponential(),
        () => (random() < 0.5 ? 0 : 2 * exponential()),
      ]) {
        assert.equal(law(poisson, gapNs).status, 'fail');
      }
    });

    it('holds gamma gaps to their coefficient of variation', () => {
      const bursty = { kind: 'gamma', ratePerS: 200, burstiness: 0.25 } as const;
      assert.equal(law(bursty, () => 5e6 * drawGammaMeanOne(0.25, random)).status, 'pass');
      assert.equal(law(bursty, exponential).status, 'fail');
    });

    it('says that it cannot tell when sends were late by a good part of a gap, or there are few', () => {
      assert.equal(law(poisson, () => 5e6, 2000).status, 'not-measured');
      const few = { firstNs: 0, gapsNs: [1, 2], perSecond: [] };
      const harness = { arrival: poisson };
      assert.equal(gate('G3', { harness, drive: { sends: few } }).status, 'not-measured');
      assert.match(gate('G3', { harness: openLoop }).message, /without chance/);
    });
  });

  it('has each of G1 to G15 once, in order, with a sentence, and a value and a limit unless it says why not', () => {
    const results = runGates(facts());
    assert.deepEqual(
      results.map((result) => result.id),
      Array.from({ length: 15 }, (_, index) => `G${index + 1}`),
    );
    for (const { status, value, limit, message } of results) {
      assert.match(message, /^[A-Z0-9].*\.$/s);
      if (status !== 'not-measured') assert(value !== null && limit !== null);
    }
  });
});
