import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathText } from '#core/policy/problems.ts';
import { shapeFaults, valueAt } from '#core/policy/shape.ts';

function said(value: unknown): readonly string[] {
  return shapeFaults(value).map(({ path, message }) => `${pathText(path)}: ${message}`);
}

test('shapeFaults() says in plain words what is missing or of another kind', () => {
  assert.deepEqual(said({ version: 1, targets: [], duties: { d: 'x' } }), [
    'targets: is a list, expected names with values',
    'duties.d: is text, expected keys with values',
    'bindings: is missing',
  ]);
});

test('shapeFaults() reports the fault of the one item of a list, not of the union', () => {
  const faults = said({ version: 1, targets: {}, duties: { d: { allow: [{ on: ['db', 5] }] } }, bindings: [] });
  assert.ok(faults.includes('duties.d.allow[0].on[1]: is a number, expected text (quote it)'), faults.join('\n'));
});

test('shapeFaults() judges a target of a later protocol by nothing but its protocol', () => {
  const faults = said({
    version: 1,
    targets: { web: { protocol: 'ssh', address: 5, surprise: 1 } },
    duties: { d: { deny: [{ on: 'web' }] } },
    bindings: [{ duties: ['d'], when: {} }],
  });
  assert.deepEqual(faults, ['targets.web.protocol: protocol "ssh" is not supported by this version of duty-gate']);
});

test('valueAt() reads own keys alone', () => {
  assert.equal(valueAt({ a: [{ b: 1 }] }, ['a', 0, 'b']), 1);
  assert.equal(valueAt({}, ['constructor']), undefined);
  assert.equal(valueAt('text', ['length']), undefined);
});
