import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostName } from '../../src/runtime/host-name.ts';

describe('the name of this host', () => {
  it("is the operating system's, unless a worker was told another", () => {
    assert.equal(hostName({}, 'bench-1'), 'bench-1');
    assert.equal(hostName({ LOOMBENCH_HOST_NAME: '' }, 'bench-1'), 'bench-1');
    assert.equal(hostName({ LOOMBENCH_HOST_NAME: 'rack_2.bench-7' }, 'bench-1'), 'rack_2.bench-7');
  });

  it('is refused when it cannot name a queue, with whose name it is and what to set', () => {
    for (const wish of ['a b', '../x', '-', 'x'.repeat(129), 'bench\n']) {
      assert.throws(() => hostName({ LOOMBENCH_HOST_NAME: wish }, 'bench-1'), {
        code: 'config-invalid',
        message: /^LOOMBENCH_HOST_NAME=/,
      });
    }
    assert.throws(() => hostName({}, 'my laptop'), {
      code: 'config-invalid',
      message: /^The host name "my laptop".*Set LOOMBENCH_HOST_NAME/s,
    });
  });
});
