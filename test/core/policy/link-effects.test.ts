import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverMatches } from '#core/policy/link-effects.ts';
import { pathText } from '#core/policy/problems.ts';

const CASES: readonly (readonly [rule: Readonly<Record<string, unknown>>, faults: readonly string[]])[] = [
  [{ effects: ['session', 'execute'] }, []],
  [{ effects: ['read', 'drop'], relations: 'a.b' }, []],
  [{ effects: ['read', 'session'], relations: 'a.b' }, []],
  [{ effects: ['session'], relations: 'a.b' }, ['r.relations']],
  [{ effects: ['execute', 'program'], relations: 'a.b' }, ['r.effects[0]', 'r.effects[1]']],
  [{ effects: ['read'], functions: 'a.b' }, ['r.effects[0]']],
  [{ effects: ['execute', 'drop'], functions: 'a.b' }, []],
  [{ effects: ['read', 'execute'], functions: 'a.b', relations: 'a.b' }, []],
  [{ effects: ['read'], functions: 'a.b', relations: 'a.b' }, ['r.functions']],
  [{ effects: ['execute'], functions: 'a.b', relations: 'a.b' }, ['r.relations']],
  [{ effects: ['session'], functions: 'a.b', relations: 'a.b' }, ['r.relations', 'r.functions']],
  [{ effects: ['*'], relations: 'a.b', functions: 'a.b' }, []],
  [{ relations: 'a.b' }, []],
];

test('neverMatches() finds effects and lists that have nothing to do with each other', () => {
  for (const [rule, faults] of CASES) {
    assert.deepEqual(
      neverMatches(['r'], rule).map(({ path }) => pathText(path)),
      faults,
      JSON.stringify(rule),
    );
  }
});
