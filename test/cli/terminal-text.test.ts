import assert from 'node:assert/strict';
import { it } from 'node:test';
import { terminalText } from '../../src/cli/terminal-text.ts';

it('text for a terminal keeps its line ends and tabs, also beside what is taken out', () => {
  assert.equal(terminalText('one\ntwo\tthree'), 'one\ntwo\tthree');
  assert.equal(terminalText('bell\u0007\nnext'), 'bell \nnext');
  assert.equal(terminalText('a\u001b\u009b[31m\u202eb\t\u0000c'), 'a [31m b\t c');
});
