import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newAgenda, RunAgenda } from '../../src/workflows/run-agenda.ts';

function namesOf(agenda: RunAgenda): string[] {
  const names: string[] = [];
  for (let step = agenda.take(); step !== null; step = agenda.take()) {
    names.push(`${step.phase} ${step.index}/${step.of}`);
  }
  return names;
}

describe('the agenda of runs', () => {
  it('names the warm-up runs first, then the measured ones, each once', () => {
    const agenda = new RunAgenda(newAgenda({ warmup: 2, measured: 3 }));
    const all = ['warmup 1/2', 'warmup 2/2', 'measured 1/3', 'measured 2/3', 'measured 3/3'];
    assert.deepEqual(namesOf(agenda), all);
    assert.equal(agenda.take(), null);
    agenda.restart();
    assert.deepEqual(namesOf(agenda), all);
  });

  it('goes on where it was when it is carried over, with runs that were added and others left out', () => {
    const first = new RunAgenda(newAgenda({ warmup: 1, measured: 2 }));
    assert.deepEqual(first.take(), { phase: 'warmup', index: 1, of: 1 });
    assert.deepEqual(first.take(), { phase: 'measured', index: 1, of: 2 });
    first.addRuns(2);
    first.skip(3);
    const second = new RunAgenda(JSON.parse(JSON.stringify(first.state)) as typeof first.state); // as through a payload
    assert.ok(second.hasMore());
    const left = [second.take(), second.take(), second.take()];
    assert.deepEqual(
      left.map((step) => step !== null && [step.index, step.of, second.isSkipped(step)]),
      [
        [2, 4, false],
        [3, 4, true],
        [4, 4, false],
      ],
    );
    assert.equal(second.hasMore(), false);
    assert.equal(second.take(), null);
  });
});
