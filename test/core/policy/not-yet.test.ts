import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelOf } from '#core/policy/not-yet.ts';
import type { Path } from '#core/policy/problems.ts';

const LEVELS: readonly (readonly [path: Path, known: string, later: string | null])[] = [
  [[], 'targets', 'separation'],
  [['targets', 'db'], 'address', 'host-keys'],
  [['duties', 'd'], 'deny', 'approve'],
  [['duties', 'd', 'limits'], 'operations', 'rows-read'],
  [['duties', 'd', 'allow', 0], 'effects', 'where-required'],
  [['duties', 'd', 'deny', 0], 'reason', 'hours'],
  [['duties', 'd', 'mask', 0], 'detect', 'pattern'],
  [['confinement'], 'hide', 'outside-after'],
  [['oidc'], 'audiences', null],
  [['egress'], 'allow', null],
  [['limits'], 'session', null],
  [['agents', 0], 'match', null],
  [['bindings', 0], 'when', null],
  [['bindings', 0, 'when'], 'repository', null],
];

test('levelOf() knows the keys of each level, and those of later versions', () => {
  for (const [path, known, later] of LEVELS) {
    const level = levelOf(path);
    assert.ok(level?.known.includes(known), known);
    if (later !== null) assert.ok(level?.later.includes(later), later);
    assert.equal(
      level?.known.some((key) => level.later.includes(key)),
      false,
      'a key is either read or for later',
    );
  }
  assert.equal(levelOf(['targets', 'db', 'password']), null);
});
