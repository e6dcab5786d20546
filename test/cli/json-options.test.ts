import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJsonOptions } from '#cli/json-options.ts';

test('readJsonOptions() reads --json and --help', () => {
  assert.deepEqual(readJsonOptions([]), { json: false, help: false });
  assert.deepEqual(readJsonOptions(['--json', '-h']), { json: true, help: true });
});

for (const args of [['--jsn'], ['--json=yes'], ['more'], ['-x']]) {
  test(`readJsonOptions() says what is wrong with ${args.join(' ')}`, () => assert.equal(typeof readJsonOptions(args), 'string'));
}
