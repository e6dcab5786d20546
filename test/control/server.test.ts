import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ControlError } from '#control/fault.ts';
import { createSigningKey } from '#control/keys.ts';
import { CONTROL_BODY_BYTES_MAX } from '#control/messages.ts';
import { credentials, LINK, openByHand, SESSION, send, sendPieces, startServer } from './harness.ts';

const CAGE = { method: 'POST', path: `/v1/sessions/${SESSION}/links/${LINK}/cage` };
const CAGE_BODY = JSON.stringify({ pid: 1, init: 1, entrance: 'sudo', network: '1', workspace: null, launchers: [] });

test('createControlServer() takes a request that its session key proves', async (t) => {
  const server = await startServer(t);
  const key = createSigningKey();
  const token = await openByHand(server, key);
  const answer = await send(server, { ...CAGE, headers: await credentials(server, key, { ...CAGE, token }), body: CAGE_BODY });
  assert.equal(answer.status, 200);
  assert.deepEqual(server.caged, [{ pid: 1, init: 1, entrance: 'sudo', network: '1', workspace: null, launchers: [] }]);
  assert.equal(server.opened[0]?.clientKey, key.thumbprint);
});

const FORGERIES: readonly { name: string; but?: Parameters<typeof credentials>[3]; afterMs?: number }[] = [
  { name: 'another path', but: { uri: 'https://elsewhere/v1/sessions/session-1/links/1/cage' } },
  { name: 'another method', but: { method: 'GET' } },
  { name: 'another token', but: { proofToken: 'A'.repeat(43) } },
  { name: 'no token', but: { proofToken: null } },
  { name: 'a time 61 s ago', afterMs: -61_000 },
  { name: 'a time 61 s ahead', afterMs: 61_000 },
  { name: 'a short id', but: { jti: 'short' } },
];

for (const { name, but = {}, afterMs = 0 } of FORGERIES) {
  test(`createControlServer() refuses a proof made for ${name}`, async (t) => {
    const server = await startServer(t);
    const key = createSigningKey();
    const token = await openByHand(server, key);
    const answer = await send(server, {
      ...CAGE,
      headers: await credentials(server, key, { ...CAGE, token }, { nowMs: server.clockMs + afterMs, ...but }),
      body: CAGE_BODY,
    });
    assert.equal(answer.status, 401);
    assert.equal(answer.body.error?.code, 'unauthenticated');
    assert.deepEqual(server.caged, []);
  });
}

test('createControlServer() refuses a stolen token without its key', async (t) => {
  const server = await startServer(t);
  const token = await openByHand(server, createSigningKey());
  const thief = createSigningKey();
  const answer = await send(server, { ...CAGE, headers: await credentials(server, thief, { ...CAGE, token }), body: CAGE_BODY });
  assert.equal(answer.status, 401);
  const bearer = await send(server, { ...CAGE, headers: { authorization: `Bearer ${token}` }, body: CAGE_BODY });
  assert.equal(bearer.status, 401);
  assert.deepEqual(server.caged, []);
});

test('createControlServer() refuses a proof that was used before', async (t) => {
  const server = await startServer(t);
  const key = createSigningKey();
  const token = await openByHand(server, key);
  const headers = await credentials(server, key, { ...CAGE, token });
  assert.equal((await send(server, { ...CAGE, headers, body: CAGE_BODY })).status, 200);
  assert.equal((await send(server, { ...CAGE, headers, body: CAGE_BODY })).status, 401);
  assert.equal(server.caged.length, 1);
});

test('createControlServer() refuses a token for another session', async (t) => {
  const server = await startServer(t);
  const key = createSigningKey();
  const token = await openByHand(server, key);
  const other = { method: 'POST', path: '/v1/sessions/session-2/links/1/cage' };
  const answer = await send(server, { ...other, headers: await credentials(server, key, { ...other, token }), body: CAGE_BODY });
  assert.equal(answer.status, 401);
});

test('createControlServer() refuses a header that is sent twice', async (t) => {
  const server = await startServer(t);
  const key = createSigningKey();
  const token = await openByHand(server, key);
  const { dpop = '', authorization = '' } = await credentials(server, key, { ...CAGE, token });
  const answer = await send(server, { ...CAGE, headers: { dpop: [dpop, dpop], authorization }, body: CAGE_BODY });
  assert.equal(answer.status, 401);
});

const BODIES: readonly { name: string; body: string; headers?: Record<string, string> }[] = [
  { name: 'no JSON', body: '{' },
  { name: 'an unknown key', body: JSON.stringify({ pid: 1, init: 1, entrance: 'sudo', more: 1 }) },
  { name: 'a wrong type', body: JSON.stringify({ pid: '1', init: '1', entrance: 'sudo' }) },
  { name: 'more than the maximum', body: ' '.repeat(CONTROL_BODY_BYTES_MAX) + CAGE_BODY },
  { name: 'another content type', body: CAGE_BODY, headers: { 'content-type': 'text/plain' } },
];

for (const { name, body, headers = {} } of BODIES) {
  test(`createControlServer() refuses a body with ${name}`, async (t) => {
    const server = await startServer(t);
    const key = createSigningKey();
    const token = await openByHand(server, key);
    const answer = await send(server, { ...CAGE, headers: { ...(await credentials(server, key, { ...CAGE, token })), ...headers }, body });
    assert.equal(answer.status, 400);
    assert.equal(answer.body.error?.code, 'malformed');
    assert.deepEqual(server.caged, []);
  });
}

const UNKNOWN: readonly { method: string; path: string }[] = [
  { method: 'GET', path: '/' },
  { method: 'POST', path: '/v1/hello' },
  { method: 'GET', path: '/v1/hello?x=1' },
  { method: 'GET', path: '/v1/sessions' },
  { method: 'POST', path: '/v1/sessions/' },
  { method: 'POST', path: `/v1/sessions/${SESSION}/delete` },
  { method: 'POST', path: `/v1/sessions/${SESSION}/cage` },
  { method: 'POST', path: `/v1/sessions/${SESSION}/links/` },
  { method: 'POST', path: `/v1/sessions/${SESSION}/links/1` },
  { method: 'POST', path: `/v1/sessions/${SESSION}/links/1/watch` },
  { method: 'POST', path: `/v1/sessions/${SESSION}/links/1/cage/2` },
  { method: 'POST', path: `/v1/sessions/${SESSION}/links/../1/cage` },
  { method: 'POST', path: `/v1/sessions/${SESSION}/links/${'x'.repeat(65)}/cage` },
  { method: 'GET', path: `/v1/sessions/${SESSION}/links/1/cage` },
  { method: 'GET', path: `/v1/sessions/${SESSION}/links` },
  { method: 'GET', path: `/v1/sessions/${SESSION}/close` },
  { method: 'POST', path: `/v1/sessions/${SESSION}/watch` },
  { method: 'POST', path: `/v1/sessions/../${SESSION}/close` },
  { method: 'POST', path: `/v1/sessions/${'x'.repeat(65)}/close` },
  { method: 'POST', path: `http://other/v1/sessions/${SESSION}/links/1/cage` },
];

for (const { method, path } of UNKNOWN) {
  test(`createControlServer() knows no ${method} ${path.slice(0, 40)}`, async (t) => {
    const server = await startServer(t);
    const answer = await send(server, { method, path });
    assert.equal(answer.status, 404);
    assert.equal(answer.body.error?.code, 'not-found');
  });
}

test('createControlServer() tells the words of a ControlError and of no other', async (t) => {
  const faults = [new ControlError('conflict', 'Cannot do it twice'), new Error('password=hunter2 at /home/me')];
  const server = await startServer(t, {
    handlers: {
      async enterCage() {
        throw faults.shift();
      },
    },
  });
  const key = createSigningKey();
  const token = await openByHand(server, key);
  const ask = async () => send(server, { ...CAGE, headers: await credentials(server, key, { ...CAGE, token }), body: CAGE_BODY });
  const told = await ask();
  assert.deepEqual([told.status, told.body.error], [409, { code: 'conflict', message: 'Cannot do it twice' }]);
  const hidden = await ask();
  assert.equal(hidden.status, 500);
  assert.doesNotMatch(JSON.stringify(hidden.body), /hunter2|home/);
});

test('createControlServer() reads a request however its bytes are split', async (t) => {
  const server = await startServer(t);
  const key = createSigningKey();
  const body = JSON.stringify({ token: 'ü', duty: 'naïve' });
  const request = { method: 'POST', path: '/v1/sessions', token: null };
  for (const size of [1, 7, 300]) {
    const { dpop } = await credentials(server, key, request);
    const head = `POST ${request.path} HTTP/1.1\r\nHost: x\r\nDPoP: ${dpop}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    const bytes = Buffer.from(head + body);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
    assert.match(await sendPieces(server, pieces), /^HTTP\/1\.1 200 /);
    assert.deepEqual(server.opened.at(-1)?.request, { token: 'ü', duty: 'naïve' });
  }
});

const SLOW: readonly { name: string; bytes: string }[] = [
  { name: 'sends nothing', bytes: '' },
  { name: 'stops within its headers', bytes: 'GET /v1/hello HTTP/1.1\r\nHost: x\r\n' },
];

for (const { name, bytes } of SLOW) {
  test(`createControlServer() hangs up on a client that ${name}`, async (t) => {
    const server = await startServer(t, { limits: { headersMsMax: 100, bodyMsMax: 100 } });
    const answer = await sendPieces(server, [bytes]);
    assert.match(answer, /^HTTP\/1\.1 400 /);
  });
}

test('createControlServer() hangs up on a client that stops within its body', async (t) => {
  const server = await startServer(t, { limits: { headersMsMax: 5000, bodyMsMax: 100 } });
  const { dpop } = await credentials(server, createSigningKey(), { method: 'POST', path: '/v1/sessions', token: null });
  const head = `POST /v1/sessions HTTP/1.1\r\nHost: x\r\nDPoP: ${dpop}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
  assert.match(await sendPieces(server, [head]), /^HTTP\/1\.1 400 [\s\S]*longer than 100 ms/);
});

const GARBAGE: readonly { name: string; bytes: string }[] = [
  { name: 'another protocol', bytes: '\x16\x03\x01\x00\xa5\x01' },
  { name: 'headers past the maximum', bytes: `GET /v1/hello HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n` },
  {
    name: 'both framings',
    bytes: 'POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  },
];

for (const { name, bytes } of GARBAGE) {
  test(`createControlServer() answers 400 to ${name}`, async (t) => {
    assert.match(await sendPieces(await startServer(t), [bytes]), /^HTTP\/1\.1 400 /);
  });
}

test('W-del-1 createControlServer() takes a token of one command for that command, and for nothing else', async (t) => {
  const server = await startServer(t);
  const key = createSigningKey();
  const token = server.tokens.issue({ session: SESSION, clientKey: key.thumbprint, link: '7' });
  const post = async (path: string, by = key) => {
    const what = { method: 'POST', path: `/v1/sessions/${SESSION}/${path}` };
    const { status } = await send(server, { ...what, headers: await credentials(server, by, { ...what, token }), body: '{"escapes":[]}' });
    return status;
  };
  assert.equal(await post('links/7/confinement'), 200);
  for (const path of ['links/8/confinement', 'links/8/end', 'links/8/claim', 'links/77/end', 'links', 'close'])
    assert.equal(await post(path), 401, path);
  assert.equal(await post('links/7/confinement', createSigningKey()), 401);
  server.tokens.revoke(token);
  assert.equal(await post('links/7/confinement'), 401);
});
