import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { makeProof, targetUri } from '#control/dpop.ts';
import { createSigningKey } from '#control/keys.ts';
import { mintLocalToken } from '#control/local-token.ts';
import { localUserName } from '#control/local-user.ts';
import { sessionAudience } from '#core/identity/audience.ts';
import { type Daemon, startDaemon } from '#gateway/daemon.ts';
import { type RawAnswer, send } from '#test/control/harness.ts';
import { entriesOf, makeFolder, open, verify } from './harness.ts';

async function start(t: TestContext): Promise<Daemon> {
  const daemon = await startDaemon(makeFolder(t));
  t.after(() => daemon.stop('the test is over'));
  return daemon;
}

/** The bytes of one opening, made by hand. */
async function opening({ socketPath }: Daemon, user = localUserName()) {
  const key = createSigningKey();
  const { gateway, nonce, evidenceKey } = (await send({ socketPath }, { method: 'GET', path: '/v1/hello' })).body;
  const audience = sessionAudience({
    gateway: String(gateway),
    nonce: String(nonce),
    clientKey: key.thumbprint,
    evidenceKey: String(evidenceKey),
  });
  const token = await mintLocalToken(key, { user, audience }, Date.now(), crypto.randomUUID());
  const target = { method: 'POST', uri: targetUri(String(gateway), '/v1/sessions'), token: null };
  const dpop = await makeProof(key, target, Date.now(), crypto.randomUUID());
  return (): Promise<RawAnswer> =>
    send({ socketPath }, { path: '/v1/sessions', headers: { dpop }, body: JSON.stringify({ token, duty: null }) });
}

test('startDaemon() does not take a captured opening for a second one: it is refused, and the session lives on', async (t) => {
  const daemon = await start(t);
  const send = await opening(daemon);
  const first = await send();
  assert.equal(first.status, 200);
  const again = await send();
  assert.deepEqual([again.status, again.body.error?.code], [401, 'unauthenticated']);
  const other = await (await opening(daemon, 'somebody-else'))();
  assert.equal(other.status, 401);
  assert.ok(entriesOf(String(first.body['evidence'])).every(({ kind }) => kind !== 'incident'));
});

test('startDaemon() ends two sessions that are opened at the same time (R2)', async (t) => {
  const daemon = await start(t);
  const [one, two] = await Promise.all([opening(daemon), opening(daemon)]);
  const answers = await Promise.all([one(), two()]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
  const opened = answers.find(({ status }) => status === 200);
  assert.equal((await verify(String(opened?.body['evidence']), '--allow-local')).code, 4);
});

test('startDaemon() knows no session but its own', async (t) => {
  const daemon = await start(t);
  const session = await open(daemon);
  const stranger = await send({ socketPath: daemon.socketPath }, { path: `/v1/sessions/${session.answer.session}/close`, body: '{}' });
  assert.equal(stranger.status, 401);
  await session.close();
});

test('startDaemon() stops: the session is lost, unsealed, and the socket is gone', async (t) => {
  const daemon = await start(t);
  const session = await open(daemon);
  await daemon.stop('it was time');
  await session.lost;
  assert.ok(!existsSync(daemon.socketPath));
  assert.equal((await verify(session.answer.evidence, '--allow-local')).code, 4);
});
