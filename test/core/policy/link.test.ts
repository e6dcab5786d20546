import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { linkFaults, linkWarnings } from '#core/policy/link.ts';
import { pathText } from '#core/policy/problems.ts';

function placesOf(faults: ReturnType<typeof linkFaults>): readonly string[] {
  return faults.map(({ path }) => pathText(path));
}

test('linkFaults() finds names that nothing defines, however broken the rest is', () => {
  const policy = {
    targets: { db: 5, 'Bad Name': {} },
    duties: { d: { allow: [{ on: ['db', 'ghost'], effects: 7 }, 'x'] }, 'bad name': 1 },
    bindings: [{ duties: ['ghost', 3], when: { issuer: 'local' } }],
  };
  assert.deepEqual(placesOf(linkFaults(policy)), [
    'targets.Bad Name',
    'duties.bad name',
    'duties.d.allow[0].on[1]',
    'bindings[0].duties[0]',
  ]);
});

test('linkFaults() finds host names that lead to two targets', () => {
  const policy = { targets: { a: { names: ['x', 'b.duty-gate'] }, b: { names: ['x'] } } };
  assert.deepEqual(placesOf(linkFaults(policy)), ['targets.a.names[1]', 'targets.b.names[0]']);
});

test('linkWarnings() finds targets at one address, and targets that no rule names', () => {
  const policy = {
    targets: { a: { address: 'db' }, b: { address: 'DB:5432' }, c: { address: 'x', tls: 'disable' } },
    duties: { d: { allow: [{ on: ['*', '!c'] }] } },
    bindings: [{ duties: ['d'], when: { issuer: 'local' } }],
  };
  assert.deepEqual(placesOf(linkWarnings(policy)), ['targets.b.address', 'targets.c', 'targets.c.tls']);
});

test('linkFaults() and linkWarnings() never throw, whatever the data', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      linkFaults(value);
      linkFaults({ targets: value, duties: { d: { allow: value, deny: [value] } }, bindings: [{ duties: value, when: value }] });
      linkWarnings({ targets: { a: value }, duties: { d: value }, bindings: value });
    }),
  );
});
