import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { createSigningKey } from '#control/keys.ts';
import { mintLocally } from '#control/local-token.ts';
import { sessionAudience } from '#core/identity/audience.ts';
import { Nonces } from '#gateway/nonces.ts';
import { prepare } from '#gateway/prepare.ts';
import { makeFolder, PASSWORD } from './harness.ts';

test('prepare() takes policy and secrets from files for issuer local, and lives as long as its starter', async (t) => {
  const bootstrap = makeFolder(t);
  const { loaded, secrets, hide, outlivesItsStarter, identifier } = await prepare(bootstrap);
  assert.deepEqual([[...loaded.policy.duties.keys()], secrets.get('ORDERS_DB')], [['reader'], PASSWORD]);
  assert.deepEqual([hide, outlivesItsStarter], [[bootstrap.secretsPath], false]);

  const [evidence, client] = [createSigningKey(), createSigningKey()];
  const nonces = new Nonces(() => 'a-nonce-of-the-test');
  const facts = { gateway: evidence.thumbprint, evidenceKey: evidence.thumbprint, nonces, nowMs: Date.now };
  const audience = sessionAudience({ ...facts, nonce: nonces.issue(), clientKey: client.thumbprint });
  const identity = await identifier(facts)(await mintLocally(audience, client), client.thumbprint);
  assert.equal(identity.issuer, 'local');
});

test('prepare() needs no secrets where none are named', async (t) => {
  const { secrets, hide } = await prepare({ ...makeFolder(t), secretsPath: null });
  assert.deepEqual([secrets.names, hide], [[], []]);
});

test('prepare() tells what is wrong with the secrets file as the gateway does', async (t) => {
  const bootstrap = makeFolder(t);
  chmodSync(bootstrap.secretsPath ?? '', 0o644);
  await assert.rejects(prepare(bootstrap), { name: 'GatewayError', code: 'secrets' });
});
