import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccounts } from './accounts.ts';
import { makeRepository, type RepositorySetup } from './repositories.ts';

const accounts = createAccounts();
const make = (more: Partial<RepositorySetup> = {}, index = 0) =>
  makeRepository({ owner: 'acme', name: 'shop', files: { a: '1' }, ...more }, index, accounts);

test('makeRepository() gives each repository an id, and one owner one id', () => {
  const [one, two, three] = [make(), make({ owner: 'ACME' }, 1), make({ owner: 'other' }, 2)];
  assert.equal(new Set([one, two, three].map(({ id }) => id)).size, 3);
  assert.deepEqual([two.owner, two.ownerId], ['acme', one.ownerId]);
  assert.notEqual(three.ownerId, one.ownerId);
});

test('commit() adds to what a branch has, and leaves what was', () => {
  const repository = make();
  const first = repository.resolve('main')?.sha ?? '';
  const second = repository.commit('main', { b: '2' });
  assert.deepEqual([...(repository.resolve(first)?.tree ?? [])], [['a', '1']]);
  const { parent, tree } = repository.resolve(second) ?? assert.fail('no commit');
  assert.deepEqual(
    [parent, [...tree]],
    [
      first,
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
  );
  assert.notEqual(repository.commit('main', { b: '2' }), second);
});

test('resolve() finds a commit by branch, tag, ref and id', () => {
  const repository = make();
  const sha = repository.commit('feature/x', { a: '2' });
  repository.tag('v1', sha);
  const annotated = repository.tag('v2', sha, 'second');
  for (const name of ['feature/x', 'heads/feature/x', 'refs/heads/feature/x', 'v1', 'tags/v2', 'refs/tags/v2', sha]) {
    assert.equal(repository.resolve(name)?.sha, sha, name);
  }
  assert.deepEqual(
    [repository.ref('tags/v1'), repository.ref('tags/v2')],
    [
      { type: 'commit', sha },
      { type: 'tag', sha: annotated },
    ],
  );
  assert.deepEqual(repository.annotated(annotated), { sha: annotated, name: 'v2', message: 'second', commit: sha });
  assert.deepEqual([repository.resolve('none'), repository.ref('main'), repository.annotated(sha)], [null, null, null]);
  assert.throws(() => repository.tag('v3', 'none'), /Cannot tag none/);
});
