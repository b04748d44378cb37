import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as judge from '../../../src/cli/doctor/host-judgement.ts';

const GIB = 1024 ** 3;

it('wants Node.js 20.19 or newer', () => {
  assert.equal(judge.judgeNodeVersion('20.18.3').status, 'fail');
  assert.equal(judge.judgeNodeVersion('20.19.0').status, 'ok');
  assert.equal(judge.judgeNodeVersion('24.0.1').status, 'ok');
  assert.equal(judge.judgeNodeVersion('18.20.0').status, 'fail');
});

it('fails on a Linux without glibc and says what to use instead', () => {
  const finding = judge.judgeLibc('linux', null);
  assert.equal(finding.status, 'fail');
  assert.match(finding.next ?? '', /not Alpine/);
  assert.equal(judge.judgeLibc('linux', '2.36').status, 'ok');
  assert.equal(judge.judgeLibc('darwin', null).status, 'ok');
});

it('warns of a nearly full disk and fails on a full one', () => {
  assert.equal(judge.judgeDisk('/s', 50 * GIB).status, 'ok');
  assert.equal(judge.judgeDisk('/s', GIB).status, 'warn');
  assert.equal(judge.judgeDisk('/s', 0.1 * GIB).status, 'fail');
});

it('warns of a governor that changes the clock rate, not of one that cannot be read', () => {
  assert.equal(judge.judgeGovernor('powersave').status, 'warn');
  assert.equal(judge.judgeGovernor('performance').status, 'ok');
  assert.equal(judge.judgeGovernor(null).status, 'ok');
});

it('reads the CPU quota of a cgroup as cores', () => {
  assert.match(judge.judgeCpuLimit('150000 100000\n').message, /1\.50 cores/);
  assert.equal(judge.judgeCpuLimit('max 100000').status, 'ok');
  assert.equal(judge.judgeCpuLimit(null).status, 'ok');
});

it('names a next step exactly where something is amiss', () => {
  const findings = [
    judge.judgeLoad(3, 4),
    judge.judgeLoad(0.1, 4),
    judge.judgeCores(2),
    judge.judgeCores(8),
    judge.judgeClock('tsc', 50),
    judge.judgeClock(null, 15_000_000),
    judge.judgeMemory(0.5 * GIB),
    judge.judgeMemory(8 * GIB),
    judge.judgeOpenFiles(256),
    judge.judgeOpenFiles(null),
  ];
  for (const { status, next } of findings) assert.equal(next === null, status === 'ok');
  assert.equal(findings.filter(({ status }) => status === 'warn').length, 5);
});
