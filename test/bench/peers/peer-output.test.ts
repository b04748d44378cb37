import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  readFortio,
  readGhz,
  readH2load,
  readOwn,
  UnreadableOutputError,
} from '../../../bench/peers/peer-output.ts';

const H2LOAD = `starting benchmark...
progress: 100% done

finished in 4.49s, 89050.78 req/s, 11.13MB/s
requests: 400000 total, 400000 started, 400000 done, 399998 succeeded, 2 failed, 0 errored, 0 timeout
status codes: 399998 2xx, 0 3xx, 0 4xx, 2 5xx
`;

const GHZ = `
Summary:
  Count:	40000
  Total:	428.50 ms
  Slowest:	24.96 ms
  Requests/sec:	9333.58

Latency distribution:
  10 % in 812.40 µs 
  50 % in 4.58 ms 
  99 % in 1.02 s 

Status code distribution:
  [OK]            39999 responses   
  [Unavailable]   1 responses   
`;

const FORTIO = JSON.stringify({
  ActualDuration: 3_377_421_372,
  DurationHistogram: {
    Count: 40_000,
    Percentiles: [
      { Percentile: 50, Value: 0.0035 },
      { Percentile: 99, Value: 0.0125 },
    ],
  },
  RetCodes: { SERVING: 39_990, ERROR: 10 },
});

describe('the output of', () => {
  it('h2load gives requests, failures and time, and no percentiles', () => {
    const { seconds, ...report } = readH2load(H2LOAD);
    assert.equal(seconds, 4.49);
    const unknown = { p50Us: null, p99Us: null, loadCpuUs: null };
    assert.deepEqual(report, { calls: 400_000, ok: 399_998, ...unknown });
    assert.equal(readH2load(H2LOAD.replace('4.49s', '812.00ms')).seconds, 0.812);
  });

  it('ghz gives counts, and percentiles in whatever unit each line has', () => {
    const report = readGhz(GHZ);
    assert.equal(report.calls, 40_000);
    assert.equal(report.ok, 39_999);
    assert.ok(Math.abs(report.seconds - 0.4285) < 1e-12);
    assert.equal(Math.round(report.p50Us ?? 0), 4580);
    assert.equal(Math.round(report.p99Us ?? 0), 1_020_000);
    assert.equal(readGhz(GHZ.replace(/.*99 %.*\n/, '')).p99Us, null);
    assert.equal(readGhz(GHZ.replace(/.*\[OK\].*\n/, '')).ok, 0);
  });

  it('fortio gives its percentiles in microseconds and what was served', () => {
    assert.deepEqual(readFortio(FORTIO), {
      calls: 40_000,
      ok: 39_990,
      seconds: 3.377421372,
      p50Us: 3500,
      p99Us: 12_500,
      loadCpuUs: null,
    });
  });

  it('any tool that says something else is refused with its last words', () => {
    for (const read of [readH2load, readGhz, readFortio, readOwn]) {
      assert.throws(
        () => read('dial tcp: connection refused'),
        (thrown) => thrown instanceof UnreadableOutputError && thrown.message.includes('refused'),
      );
    }
  });
});
