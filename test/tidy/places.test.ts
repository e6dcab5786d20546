import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { test } from 'node:test';
import { projectFiles, root } from './files.ts';
import { lockGaps, lockProblems, machineProblems } from './places.ts';

const project = projectFiles();
const machine = { root: '/some/clone', home: '/home/me' };

const texts: readonly { text: string; found: number }[] = [
  { text: 'see src/core', found: 0 },
  { text: '/home/runner/work', found: 0 },
  { text: 'at /some/clone/src/x.ts', found: 1 },
  { text: '/home/me/.cache/x', found: 1 },
];
for (const { text, found } of texts) {
  test(`machineProblems() finds ${found} in ${JSON.stringify(text)}`, () => {
    assert.equal(machineProblems([{ path: 'a', text }], machine).length, found);
  });
}

const locks: readonly { lock: unknown; found: number }[] = [
  { lock: { packages: { a: { version: '1.0.0', funding: { url: 'https://example.org/fund' } } } }, found: 0 },
  { lock: { packages: { a: { resolved: 'https://registry.example/a.tgz' } } }, found: 1 },
  { lock: { packages: { a: { resolved: 'git+ssh://host/a.git' }, b: { funding: [{ url: 'https://example.org' }] } } }, found: 1 },
];
for (const { lock, found } of locks) {
  test(`lockProblems() finds ${found} in ${JSON.stringify(lock)}`, () => {
    assert.equal(lockProblems(JSON.stringify(lock)).length, found);
  });
}

const optional = (name: string) => ({ optionalDependencies: { [name]: '1.0.0' } });
const gaps: readonly { packages: unknown; found: number }[] = [
  { packages: { '': optional('b'), 'node_modules/b': {} }, found: 0 },
  { packages: { 'node_modules/a': {}, 'node_modules/a/node_modules/c': optional('@x/b'), 'node_modules/@x/b': {} }, found: 0 },
  { packages: { 'node_modules/a': optional('b'), 'node_modules/a/node_modules/b': {} }, found: 0 },
  { packages: { '': optional('b') }, found: 1 },
  { packages: { 'node_modules/a': optional('@x/b'), 'node_modules/c/node_modules/@x/b': {} }, found: 1 },
];
for (const { packages, found } of gaps) {
  test(`lockGaps() finds ${found} in ${JSON.stringify(packages)}`, () => {
    assert.equal(lockGaps(JSON.stringify({ packages })).length, found);
  });
}

test('no file names a place of this machine', () => {
  assert.deepEqual(machineProblems(project, { root, home: homedir() }), []);
});

test('package-lock.json is complete and names no host, and .npmrc no registry', () => {
  const textOf = (path: string) => project.find((file) => file.path === path)?.text ?? '';
  assert.deepEqual(lockProblems(textOf('package-lock.json')), []);
  assert.deepEqual(lockGaps(textOf('package-lock.json')), []);
  assert.doesNotMatch(textOf('.npmrc'), /registry\s*=|:\/\//);
});
