import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { z } from 'zod';
import { createGithubApi, type GithubApi } from '#adapters/github/api.ts';
import { type Answer, answer, startRest, TOKEN } from './rest.ts';

const Shape = z.object({ id: z.int() });
const QUESTION = { path: ['x'] };

/** What it rejected with. */
async function failureOf(promise: Promise<unknown>): Promise<{ code?: unknown; message: string }> {
  try {
    await promise;
  } catch (error) {
    // P5: whatever somebody prints of it.
    assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), new RegExp(TOKEN));
    return error instanceof Error ? error : assert.fail('no error');
  }
  return assert.fail('it was answered');
}

function inTurn(...answers: readonly Answer[]): (request: IncomingMessage, response: ServerResponse) => void {
  const left = [...answers];
  return (request, response) => {
    const next = left.shift();
    if (next === undefined) request.socket.destroy();
    else answer(response, next);
  };
}

test('json() asks as GitHub wants to be asked, and checks what comes', async (t) => {
  const { api, headers, requests } = await startRest(t, { '/repos/a%20b/%7Bc%7D?ref=x%2Fy': { body: { id: 5, more: 'x' } } });
  assert.deepEqual(await api.json({ path: ['repos', 'a b', '{c}'], query: { ref: 'x/y' } }, Shape), { id: 5 });
  assert.equal(requests.length, 1);
  const [sent = {}] = headers;
  assert.equal(sent.authorization, `token ${TOKEN}`);
  assert.equal(sent['x-github-api-version'], '2022-11-28');
  assert.match(sent['user-agent'] ?? '', /^duty-gate/);
  assert.match(sent.accept ?? '', /application\/vnd\.github\+json/);
});

test('createGithubApi() keeps the path of the address, as GitHub Enterprise has one', async (t) => {
  const { url, requests } = await startRest(t, { '/api/v3/x': { body: { id: 1 } } });
  await createGithubApi({ url: `${url}/api/v3/`, token: TOKEN }).json(QUESTION, Shape);
  assert.deepEqual(requests, ['/api/v3/x']);
});

test('createGithubApi() sends no token in the clear to another machine (P5)', () => {
  for (const url of ['http://api.github.com', 'http://127.0.0.1.evil.example', 'ftp://127.0.0.1', 'api.github.com', '', 'file:///x'])
    assert.throws(() => createGithubApi({ url, token: TOKEN }), { name: 'GithubError', code: 'address' }, url);
  for (const url of ['https://api.github.com', 'https://ghe.example/api/v3', 'http://localhost:1/x'])
    createGithubApi({ url, token: TOKEN });
});

test('json() lets no name step out of its place', async (t) => {
  const { api, requests } = await startRest(t, {});
  for (const part of ['..', '.', '']) assert.equal((await failureOf(api.json({ path: ['repos', part, 'x'] }, Shape))).code, 'misnamed');
  assert.deepEqual(requests, []);
  await failureOf(api.json({ path: ['repos', 'a/../b?x#y', '%2e%2e'] }, Shape));
  assert.deepEqual(requests, ['/repos/a%2F..%2Fb%3Fx%23y/%252e%252e']);
});

test('raw() brings the very bytes', async (t) => {
  const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x00, 0x0d, 0x0a]);
  const { api, headers } = await startRest(t, { '/x': { body: bytes } });
  assert.deepEqual(await api.raw(QUESTION, 7), bytes);
  assert.match(headers[0]?.accept ?? '', /application\/vnd\.github\.raw/);
  assert.equal((await failureOf(api.raw(QUESTION, 6))).code, 'too-large');
});

test('raw() takes the description of a folder for no file', async (t) => {
  const { api } = await startRest(t, { '/x': { body: [{ type: 'file' }] } });
  assert.equal((await failureOf(api.raw(QUESTION, 1000))).code, 'not-found');
});

const REFUSED: readonly (readonly [name: string, answer: Answer, code: string, requests: number])[] = [
  ['a wrong token', { status: 401, body: { message: `Bad credentials ${TOKEN}` } }, 'unauthorized', 1],
  ['a token without the right', { status: 403, body: { message: 'Resource not accessible by integration' } }, 'forbidden', 1],
  ['what is not there', { status: 404 }, 'not-found', 1],
  ['what is not there for a reason of law', { status: 451 }, 'not-found', 1],
  ['what has moved', { status: 301, headers: { location: '/repositories/5' }, body: { message: 'Moved Permanently' } }, 'not-found', 1],
  ['what has moved to another host', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'not-found', 1],
  ['a validation error', { status: 422 }, 'malformed', 1],
  ['another shape', { body: { id: 'five' } }, 'malformed', 1],
  ['no JSON', { body: Buffer.from('<html>') }, 'malformed', 1],
  ['more than anything of ours', { body: Buffer.alloc(3 * 1024 * 1024, ' ') }, 'too-large', 1],
  [
    'a rate limit that is far off',
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600) } },
    'rate-limited',
    1,
  ],
  [
    'a secondary limit that is far off',
    { status: 403, headers: { 'retry-after': '60' }, body: { message: 'You have exceeded a secondary rate limit' } },
    'rate-limited',
    1,
  ],
  ['a rate limit of the other status', { status: 429 }, 'rate-limited', 1],
  ['a server that fails for good', { status: 502 }, 'unreachable', 3],
];

for (const [name, each, code, requested] of REFUSED) {
  test(`json() refuses ${name}: ${code}`, async (t) => {
    const { api, requests } = await startRest(t, { '/x': each });
    const failure = await failureOf(api.json(QUESTION, Shape));
    assert.equal(failure.code, code, failure.message);
    assert.equal(requests.length, requested);
    assert.match(failure.message, /^Cannot read \/x from GitHub: /);
  });
}

test('json() tries again after a failure of the server, a limit that is near, or a lost connection', async (t) => {
  const limited = { status: 403, headers: { 'retry-after': '1' }, body: { message: 'You have exceeded a secondary rate limit' } };
  for (const first of [{ status: 500 }, { status: 503 }, limited]) {
    const { api, requests } = await startRest(t, { '/x': inTurn(first, { body: { id: 1 } }) });
    assert.deepEqual(await api.json(QUESTION, Shape), { id: 1 });
    assert.equal(requests.length, 2);
  }
  let calls = 0;
  const { api } = await startRest(t, {
    '/x': (request, response) => {
      calls += 1;
      if (calls === 1) request.socket.destroy();
      else answer(response, { body: { id: 1 } });
    },
  });
  assert.deepEqual(await api.json(QUESTION, Shape), { id: 1 });
});

test('json() gives up on a connection that is lost each time, and where nobody listens', async (t) => {
  const { api, requests } = await startRest(t, { '/x': inTurn() });
  assert.equal((await failureOf(api.json(QUESTION, Shape))).code, 'unreachable');
  assert.equal(requests.length, 3);
  const nobody = createGithubApi({ url: 'http://127.0.0.1:1', token: TOKEN, retryMs: 1 });
  assert.equal((await failureOf(nobody.json(QUESTION, Shape))).code, 'unreachable');
});

test('json() ends in time, whatever it waits for', async (t) => {
  const cases: readonly ((request: IncomingMessage, response: ServerResponse) => void)[] = [
    () => undefined,
    (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
    (_request, response) => answer(response, { status: 500 }),
  ];
  for (const each of cases) {
    const { api } = await startRest(t, { '/x': each }, { totalMsMax: 100, retryMs: 500 });
    const failure = await failureOf(api.json(QUESTION, Shape));
    assert.deepEqual([failure.code, failure.message], ['unreachable', 'Cannot read /x from GitHub: no answer came in 0.1 s']);
  }
});

test('json() keeps many questions apart', async (t) => {
  const ids = Array.from({ length: 40 }, (_, index) => index);
  const { api }: { api: GithubApi } = await startRest(t, Object.fromEntries(ids.map((id) => [`/x/${id}`, { body: { id } }])));
  const found = await Promise.all(ids.map((id) => api.json({ path: ['x', String(id)] }, Shape)));
  assert.deepEqual(
    found.map(({ id }) => id),
    ids,
  );
});
