import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchRepositoryIds, NAMES_MAX } from '#adapters/github/repository-ids.ts';
import { repository, startRest } from './rest.ts';

const KNOWN = { name: 'Acme/Shop', id: '34', ownerId: '12', defaultBranch: 'main' };

test('R4: fetchRepositoryIds() asks nothing for what is known', async (t) => {
  const { api, requests } = await startRest(t, {});
  const ids = await fetchRepositoryIds(api, { repositories: ['acme/shop'], owners: ['acme'] }, KNOWN);
  assert.deepEqual([[...ids.repositories], [...ids.owners]], [[['acme/shop', '34']], [['acme', '12']]]);
  assert.deepEqual(requests, []);
});

test('R4: fetchRepositoryIds() looks up the others, and tells those that it is not shown', async (t) => {
  const { api } = await startRest(t, {
    '/repos/acme/tools': repository('acme/tools', 35, 12),
    '/repos/acme/moved': { status: 301, headers: { location: '/repositories/36' } },
    '/repos/acme/closed': { status: 403, body: { message: 'Resource protected by organization SAML enforcement' } },
    '/users/beta': { body: { id: 13, login: 'beta' } },
  });
  const repositories = ['acme/tools', 'acme/moved', 'acme/closed', 'acme/hidden', '../x'];
  const ids = await fetchRepositoryIds(api, { repositories, owners: ['beta', 'nobody'] }, KNOWN);
  assert.deepEqual([...ids.repositories.values()], ['35', null, null, null, null]);
  assert.deepEqual(
    [...ids.owners],
    [
      ['beta', '13'],
      ['nobody', null],
    ],
  );
});

test('R4: fetchRepositoryIds() rejects where GitHub gives no answer, rather than call a name unknown', async (t) => {
  const { api } = await startRest(t, { '/repos/acme/tools': { status: 500 }, '/users/beta': { status: 401 } });
  await assert.rejects(fetchRepositoryIds(api, { repositories: ['acme/tools'], owners: [] }, KNOWN), { code: 'unreachable' });
  await assert.rejects(fetchRepositoryIds(api, { repositories: [], owners: ['beta'] }, KNOWN), { code: 'unauthorized' });
});

test('fetchRepositoryIds() asks for at most so many', async (t) => {
  const { api, requests } = await startRest(t, {});
  const owners = Array.from({ length: NAMES_MAX + 1 }, (_, index) => `o${index}`);
  await assert.rejects(fetchRepositoryIds(api, { repositories: [], owners }, KNOWN), { code: 'too-large' });
  assert.deepEqual(requests, []);
});
