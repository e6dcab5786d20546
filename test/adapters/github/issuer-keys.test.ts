import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIssuerKeys, type IssuerKeys, KEYS_AGE_MS_MAX, REFETCH_MS_MIN } from '#adapters/github/issuer-keys.ts';
import { jwkOf, OTHER_RSA_KEY, publish, type Respond, RSA_KEY, rsaKey, sendJson, startIssuer } from '#test/fixtures/issuer.ts';

const DISCOVERY = '/oidc/.well-known/openid-configuration';
const JWKS = '/oidc/.well-known/jwks';

function clockedKeys(): { readonly keys: IssuerKeys; readonly clock: { ms: number } } {
  const clock = { ms: 1_700_000_000_000 };
  return { clock, keys: createIssuerKeys({ nowMs: () => clock.ms, retryMs: 1, replyMsMax: 500 }) };
}

test('find() fetches the issuer’s keys once, and keeps them', async (t) => {
  const { issuer, requests } = await startIssuer(t);
  const { keys, clock } = clockedKeys();
  assert.equal((await keys.find(issuer, 'key-one'))?.n, jwkOf(RSA_KEY, 'x').n);
  clock.ms += KEYS_AGE_MS_MAX - 1;
  assert.equal((await keys.find(issuer, 'key-one'))?.n, jwkOf(RSA_KEY, 'x').n);
  assert.deepEqual(requests, [DISCOVERY, JWKS]);
});

test('find() sees a key that was rotated in, and no more one that was taken back an hour ago', async (t) => {
  const server = await startIssuer(t);
  const { keys, clock } = clockedKeys();
  await keys.find(server.issuer, 'key-one');
  server.keys = [jwkOf(OTHER_RSA_KEY, 'key-two')];
  clock.ms += REFETCH_MS_MIN;
  assert.equal((await keys.find(server.issuer, 'key-two'))?.n, jwkOf(OTHER_RSA_KEY, 'x').n);
  assert.equal(await keys.find(server.issuer, 'key-one'), null);
  server.keys = [];
  clock.ms += KEYS_AGE_MS_MAX;
  assert.equal(await keys.find(server.issuer, 'key-two'), null);
});

test('find() asks no more often for ids that are the token’s choice', async (t) => {
  const { issuer, requests } = await startIssuer(t);
  const { keys, clock } = clockedKeys();
  for (let index = 0; index < 20; index += 1) assert.equal(await keys.find(issuer, `unknown-${index}`), null);
  assert.equal(requests.length, 2);
  clock.ms += REFETCH_MS_MIN;
  await Promise.all(Array.from({ length: 20 }, (_, index) => keys.find(issuer, `other-${index}`)));
  assert.equal(requests.length, 4);
  for (let index = 0; index < 20; index += 1) await keys.find(issuer, `more-${index}`);
  assert.equal(requests.length, 4);
});

test('find() takes keys for old when the clock went back', async (t) => {
  const { issuer, requests } = await startIssuer(t);
  const { keys, clock } = clockedKeys();
  await keys.find(issuer, 'key-one');
  clock.ms -= 1;
  await keys.find(issuer, 'key-one');
  assert.equal(requests.length, 4);
});

test('find() keeps issuers apart', async (t) => {
  const [one, other] = [await startIssuer(t), await startIssuer(t)];
  other.keys = [jwkOf(OTHER_RSA_KEY, 'key-one')];
  const { keys } = clockedKeys();
  assert.notEqual((await keys.find(one.issuer, 'key-one'))?.n, (await keys.find(other.issuer, 'key-one'))?.n);
});

test('find() leaves out keys that no signature may be checked with', async (t) => {
  const server = await startIssuer(t);
  server.keys = [
    { kty: 'oct', k: 'AAAA', kid: 'symmetric', use: 'sig', alg: 'RS256' },
    jwkOf(rsaKey(1024), 'small'),
    { ...jwkOf(RSA_KEY, 'encryption'), use: 'enc' },
    jwkOf(RSA_KEY, 'twice'),
    jwkOf(OTHER_RSA_KEY, 'twice'),
    jwkOf(RSA_KEY, 'good'),
  ];
  const { keys } = clockedKeys();
  for (const kid of ['symmetric', 'small', 'encryption', 'twice']) assert.equal(await keys.find(server.issuer, kid), null, kid);
  assert.notEqual(await keys.find(server.issuer, 'good'), null);
});

test('find() tries again after a failure, and gives up in the end', async (t) => {
  let failures = 2;
  const flaky = await startIssuer(t, (request, response, issuer) => {
    failures -= 1;
    if (failures === 1) response.writeHead(503).end();
    else if (failures === 0) request.socket.destroy();
    else publish(request, response, issuer);
  });
  assert.notEqual(await clockedKeys().keys.find(flaky.issuer, 'key-one'), null);
  const broken = await startIssuer(t, (_request, response) => void response.writeHead(500).end());
  const { keys } = clockedKeys();
  await assert.rejects(keys.find(broken.issuer, 'key-one'), { name: 'IssuerKeysError', code: 'unreachable', message: /it answers 500/ });
  assert.equal(broken.requests.length, 3);
});

test('find() uses no old keys where new ones are not to be had (P2)', async (t) => {
  let down = false;
  const { issuer } = await startIssuer(t, (request, response, server) => {
    if (down) response.writeHead(500).end();
    else publish(request, response, server);
  });
  const { keys, clock } = clockedKeys();
  await keys.find(issuer, 'key-one');
  down = true;
  clock.ms += KEYS_AGE_MS_MAX;
  await assert.rejects(keys.find(issuer, 'key-one'), { code: 'unreachable' });
  down = false;
  assert.notEqual(await keys.find(issuer, 'key-one'), null);
});

const discovery =
  (change: (issuer: string) => unknown): Respond =>
  (request, response, server) => {
    if (request.url === DISCOVERY) sendJson(response, change(server.issuer));
    else publish(request, response, server);
  };
const keySet =
  (respond: Respond): Respond =>
  (request, response, server) => {
    if (request.url === JWKS) respond(request, response, server);
    else publish(request, response, server);
  };

const REFUSED: readonly (readonly [name: string, respond: Respond, code: string, requests: number])[] = [
  ['no discovery document', (_request, response) => void response.writeHead(404).end(), 'unreachable', 1],
  [
    'a discovery document of another issuer',
    discovery((issuer) => ({ issuer: `${issuer}/`, jwks_uri: `${issuer}/.well-known/jwks` })),
    'malformed',
    1,
  ],
  ['a discovery document without keys', discovery((issuer) => ({ issuer })), 'malformed', 1],
  ['keys of another host', discovery((issuer) => ({ issuer, jwks_uri: 'https://evil.example/jwks' })), 'malformed', 1],
  ['keys of another port', discovery((issuer) => ({ issuer, jwks_uri: 'http://127.0.0.1:1/oidc/.well-known/jwks' })), 'malformed', 1],
  [
    'keys by another protocol',
    discovery((issuer) => ({ issuer, jwks_uri: `${issuer}/.well-known/jwks`.replace('http:', 'https:') })),
    'malformed',
    1,
  ],
  ['keys in a file', discovery((issuer) => ({ issuer, jwks_uri: 'file:///etc/passwd' })), 'malformed', 1],
  ['keys at no address', discovery((issuer) => ({ issuer, jwks_uri: '/jwks' })), 'malformed', 1],
  ['a redirect to keys', keySet((_request, response) => void response.writeHead(302, { location: '/keys' }).end()), 'unreachable', 2],
  ['a key set that is none', keySet((_request, response) => sendJson(response, { keys: 'x' })), 'malformed', 2],
  [
    'a key set of many keys',
    keySet((_request, response) => sendJson(response, { keys: Array.from({ length: 65 }, () => ({})) })),
    'malformed',
    2,
  ],
  ['a key set that is no JSON', keySet((_request, response) => void response.writeHead(200).end('keys')), 'malformed', 2],
  ['a huge key set', keySet((_request, response) => void response.writeHead(200).end(Buffer.alloc(1024 * 1024, ' '))), 'malformed', 2],
  ['a key set that never comes', keySet(() => undefined), 'unreachable', 4],
  ['a key set that never ends', keySet((_request, response) => void response.writeHead(200).write('{')), 'unreachable', 4],
];

for (const [name, respond, code, requested] of REFUSED) {
  test(`find() refuses ${name}`, async (t) => {
    const { issuer, requests } = await startIssuer(t, respond);
    const keys = createIssuerKeys({ nowMs: () => 0, retryMs: 1, replyMsMax: 200 });
    await assert.rejects(keys.find(issuer, 'key-one'), { name: 'IssuerKeysError', code });
    assert.equal(requests.length, requested);
  });
}

test('find() asks nobody in the clear beyond this machine, nor elsewhere than the name says', async () => {
  const { keys } = clockedKeys();
  for (const issuer of [
    'http://issuer.example',
    'http://127.0.0.1.evil.example',
    'ftp://127.0.0.1',
    'local',
    '',
    'https://a.example/x/../y',
    'https://a.example/./x',
  ])
    await assert.rejects(keys.find(issuer, 'key-one'), { code: 'address' }, issuer);
});
