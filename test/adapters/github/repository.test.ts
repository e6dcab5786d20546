import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchOwnerId, fetchRepository } from '#adapters/github/repository.ts';
import { repository, startRest } from './rest.ts';

test('fetchRepository() knows a repository by its ids', async (t) => {
  const { api } = await startRest(t, { '/repos/acme/Shop': repository('acme/shop', 34, 12) });
  assert.deepEqual(await fetchRepository(api, 'acme/Shop'), { name: 'acme/shop', id: '34', ownerId: '12', defaultBranch: 'main' });
});

test('fetchRepository() takes no other repository for the one it asked for', async (t) => {
  const { api } = await startRest(t, { '/repos/acme/shop': repository('acme/store', 34, 12) });
  await assert.rejects(fetchRepository(api, 'acme/shop'), { code: 'malformed' });
});

test('fetchRepository() asks for nothing that is no name', async (t) => {
  const { api, requests } = await startRest(t, {});
  for (const name of [
    '',
    'shop',
    'acme/',
    '/shop',
    'acme/shop/x',
    '../shop',
    'acme/..',
    'acme/sh op',
    'acme/shöp',
    `acme/${'x'.repeat(101)}`,
  ])
    await assert.rejects(fetchRepository(api, name), { code: 'misnamed' }, name);
  assert.deepEqual(requests, []);
});

test('fetchOwnerId() knows people and organisations by id', async (t) => {
  const { api, requests } = await startRest(t, {
    '/users/acme': { body: { id: 12, login: 'Acme' } },
    '/users/other': { body: { id: 13, login: 'another' } },
  });
  assert.equal(await fetchOwnerId(api, 'acme'), '12');
  await assert.rejects(fetchOwnerId(api, 'other'), { code: 'malformed' });
  for (const login of ['', '.', '..', 'a/b']) await assert.rejects(fetchOwnerId(api, login), { code: 'misnamed' });
  assert.equal(requests.length, 2);
});
