import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchPolicy } from '#adapters/github/policy-source.ts';
import { COMMIT, type Routes, reference, repository, shop, startRest, TAG } from './rest.ts';

const PLACE = { repository: 'acme/shop', path: '.github/duty-gate.yml', ref: null };
const BYTES_MAX = 1000;
const FILE = `/repos/acme/shop/contents/.github/duty-gate.yml?ref=${COMMIT}`;

test('fetchPolicy() reads the default branch at one commit, and says where that was', async (t) => {
  const { api, requests } = await startRest(t, shop('version: 1\n'));
  const { bytes, source, repository: found } = await fetchPolicy(api, PLACE, BYTES_MAX);
  assert.equal(Buffer.from(bytes).toString(), 'version: 1\n');
  assert.deepEqual(source, {
    repository: 'acme/shop',
    repositoryId: '34',
    path: '.github/duty-gate.yml',
    ref: 'refs/heads/main',
    commit: COMMIT,
  });
  assert.equal(found.ownerId, '12');
  assert.deepEqual(requests, ['/repos/acme/shop', '/repos/acme/shop/git/ref/heads/main', FILE]);
});

const REFS: readonly (readonly [ref: string, routes: Routes, found: string])[] = [
  ['refs/heads/release/1', { '/repos/acme/shop/git/ref/heads/release/1': reference('refs/heads/release/1') }, 'refs/heads/release/1'],
  ['refs/tags/v1', { '/repos/acme/shop/git/ref/tags/v1': reference('refs/tags/v1') }, 'refs/tags/v1'],
  ['v1', { '/repos/acme/shop/git/ref/tags/v1': reference('refs/tags/v1') }, 'refs/tags/v1'],
  ['main', {}, 'refs/heads/main'],
  [
    'v2',
    {
      '/repos/acme/shop/git/ref/tags/v2': reference('refs/tags/v2', TAG, 'tag'),
      [`/repos/acme/shop/git/tags/${TAG}`]: { body: { tag: 'v2', object: { type: 'commit', sha: COMMIT } } },
    },
    'refs/tags/v2',
  ],
  ['feature/#1', { '/repos/acme/shop/git/ref/heads/feature/%231': reference('refs/heads/feature/#1') }, 'refs/heads/feature/#1'],
];

for (const [ref, routes, found] of REFS) {
  test(`fetchPolicy() finds ${ref}`, async (t) => {
    const { api } = await startRest(t, { ...shop('x'), ...routes });
    const { source } = await fetchPolicy(api, { ...PLACE, ref }, BYTES_MAX);
    assert.deepEqual([source.ref, source.commit], [found, COMMIT]);
  });
}

const REFUSED: readonly (readonly [name: string, change: object, routes: Routes, code: string])[] = [
  // Through a repository GitHub shows the commits of its forks: anybody could have made it.
  ['a commit', { ref: COMMIT }, {}, 'misnamed'],
  ['a commit in capitals', { ref: COMMIT.toUpperCase() }, {}, 'misnamed'],
  ['a pull request', { ref: 'refs/pull/5/head' }, {}, 'misnamed'],
  ['a ref that climbs', { ref: 'refs/heads/../tags/x' }, {}, 'misnamed'],
  ['a ref with an empty part', { ref: 'refs/heads//x' }, {}, 'misnamed'],
  ['a revision', { ref: 'main~1' }, {}, 'misnamed'],
  ['a ref with a line break', { ref: 'main\n::error::' }, {}, 'misnamed'],
  ['a name that is a branch and a tag', { ref: 'main' }, { '/repos/acme/shop/git/ref/tags/main': reference('refs/tags/main') }, 'misnamed'],
  ['a name that is neither', { ref: 'v9' }, {}, 'not-found'],
  ['a branch that is not there', { ref: 'refs/heads/v9' }, {}, 'not-found'],
  ['another ref than it asked for', {}, { '/repos/acme/shop/git/ref/heads/main': reference('refs/heads/main2') }, 'malformed'],
  ['a ref to a file', {}, { '/repos/acme/shop/git/ref/heads/main': reference('refs/heads/main', COMMIT, 'blob') }, 'malformed'],
  [
    'a tag that leads to itself',
    { ref: 'refs/tags/v1' },
    {
      '/repos/acme/shop/git/ref/tags/v1': reference('refs/tags/v1', TAG, 'tag'),
      [`/repos/acme/shop/git/tags/${TAG}`]: { body: { object: { type: 'tag', sha: TAG } } },
    },
    'malformed',
  ],
  ['a commit that is none', {}, { '/repos/acme/shop/git/ref/heads/main': reference('refs/heads/main', '../../x') }, 'malformed'],
  ['a repository that is not there', { repository: 'acme/other' }, {}, 'not-found'],
  ['a file that is not there', { path: 'other.yml' }, {}, 'not-found'],
  ['a folder', {}, { [FILE]: { body: [{ type: 'file' }] } }, 'not-found'],
  ['a path that climbs', { path: '.github/../../../users/x' }, {}, 'misnamed'],
  ['a path from the root', { path: '/etc/passwd' }, {}, 'misnamed'],
  ['a path with a line break', { path: 'a\nb' }, {}, 'misnamed'],
  ['a file that is too large', {}, { [FILE]: { body: Buffer.alloc(BYTES_MAX + 1) } }, 'too-large'],
  [
    'a default branch that is none',
    {},
    { '/repos/acme/shop': { body: { id: 1, full_name: 'acme/shop', default_branch: '', owner: { id: 2 } } } },
    'malformed',
  ],
  ['a repository that has moved', {}, { '/repos/acme/shop': repository('acme/store', 34, 12) }, 'malformed'],
];

for (const [name, change, routes, code] of REFUSED) {
  test(`fetchPolicy() refuses ${name}`, async (t) => {
    const { api } = await startRest(t, { ...shop('x'), ...routes });
    await assert.rejects(fetchPolicy(api, { ...PLACE, ...change }, BYTES_MAX), (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      assert.doesNotMatch(error.message, /\p{Cc}/u);
      return true;
    });
  });
}
