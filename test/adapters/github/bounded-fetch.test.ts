import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { boundedFetch } from '#adapters/github/bounded-fetch.ts';
import { startRest } from './rest.ts';

const LIMITS = { bytesMax: 1000, msMax: 5000 };

test('boundedFetch() brings status, headers and body', async (t) => {
  const { url } = await startRest(t, { '/x': { status: 201, headers: { 'x-y': 'z' }, body: Buffer.from('body') } });
  const response = await boundedFetch(`${url}/x`, {}, LIMITS);
  assert.deepEqual([response.status, response.headers.get('x-y'), await response.text()], [201, 'z', 'body']);
});

test('boundedFetch() reads one byte more than the limit and no further, of endless and of compressed bodies', async (t) => {
  const { url } = await startRest(t, {
    '/endless': (_request, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(64 * 1024)));
      };
      response.on('drain', more);
      more();
    },
    '/bomb': { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(8 * 1024 * 1024)) },
  });
  for (const path of ['/endless', '/bomb'])
    assert.equal((await (await boundedFetch(url + path, {}, LIMITS)).arrayBuffer()).byteLength, LIMITS.bytesMax + 1, path);
});

test('boundedFetch() does not wait for headers or bodies beyond the limit', async (t) => {
  const { url } = await startRest(t, {
    '/silent': () => undefined,
    '/dripping': (_request, response) => void response.writeHead(200).write('x'),
  });
  for (const path of ['/silent', '/dripping'])
    await assert.rejects(boundedFetch(url + path, {}, { ...LIMITS, msMax: 50 }), { name: 'TimeoutError' });
});

test('boundedFetch() ends when its caller does', async (t) => {
  const { url } = await startRest(t, { '/silent': () => undefined });
  const controller = new AbortController();
  const response = boundedFetch(`${url}/silent`, { signal: controller.signal }, LIMITS);
  controller.abort();
  await assert.rejects(response, { name: 'AbortError' });
});

test('boundedFetch() follows no redirect', async (t) => {
  const { url, requests } = await startRest(t, { '/x': { status: 302, headers: { location: '/y' } } });
  assert.equal((await boundedFetch(`${url}/x`, {}, LIMITS)).status, 302);
  assert.deepEqual(requests, ['/x']);
});

test('boundedFetch() passes on answers that have no body', async (t) => {
  const { url } = await startRest(t, { '/x': (_request, response) => void response.writeHead(304).end() });
  assert.equal((await boundedFetch(`${url}/x`, {}, LIMITS)).status, 304);
});
