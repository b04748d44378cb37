import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunAgenda } from '../../src/workflows/run-agenda.ts';

function namesOf(agenda: RunAgenda): string[] {
  const names: string[] = [];
  for (let step = agenda.take(); step !== null; step = agenda.take()) {
    names.push(`${step.phase} ${step.index}/${step.of}`);
  }
  return names;
}

describe('the agenda of runs', () => {
  it('names the warm-up runs first, then the measured ones, each once', () => {
    const agenda = new RunAgenda({ warmup: 2, measured: 3 });
    const all = ['warmup 1/2', 'warmup 2/2', 'measured 1/3', 'measured 2/3', 'measured 3/3'];
    assert.deepEqual(namesOf(agenda), all);
    assert.equal(agenda.take(), null);
    agenda.restart();
    assert.deepEqual(namesOf(agenda), all);
  });
});
