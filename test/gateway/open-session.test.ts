import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { readSecretsFile } from '#adapters/secrets/secrets-file.ts';
import { createSigningKey } from '#control/keys.ts';
import { SessionTokens } from '#control/session-tokens.ts';
import { chooseDuty } from '#core/policy/bind.ts';
import { loadPolicy } from '#gateway/load-policy.ts';
import { openLiveSession } from '#gateway/open-session.ts';
import { randomIds, systemClock } from '#gateway/system.ts';
import { KEEPS } from '#test/fixtures/bundle.ts';
import { entriesOf, makeFolder, POLICY } from './harness.ts';

test('openLiveSession() writes who opened it with what, before anything else', async (t) => {
  const folder = makeFolder(t);
  const loaded = await loadPolicy(folder.policyPath);
  const evidenceKey = createSigningKey();
  const client = createSigningKey();
  const choice = chooseDuty(loaded.policy, { issuer: 'local', actor: 'somebody' }, null);
  assert.ok(choice.kind === 'ok');
  const live = await openLiveSession(
    {
      ...{
        loaded,
        evidenceKey,
        evidenceFolder: folder.evidenceFolder,
        hide: ['/hidden'],
        mint: null,
        clock: systemClock,
        ids: randomIds(),
        encrypt: null,
        tokens: new SessionTokens(),
        socketPath: '/no/such',
      },
      secrets: await readSecretsFile(folder.secretsPath ?? ''),
    },
    {
      ...{ issuer: 'local', principal: 'local:somebody', claims: { issuer: 'local' }, tokenClaims: { sub: 'somebody' } },
      ...{ token: 'a.b.c', nonce: 'nonce', clientKey: client.thumbprint },
      ...{ tokenExpiresMs: null, visibility: 'private' },
    },
    choice.duty,
  );
  const answer = live.answer();
  const { evidence } = answer;
  assert.deepEqual(answer.hide, ['/hidden', dirname(evidence)]);
  assert.ok(new X509Certificate(answer.ca).ca);
  assert.equal(readFileSync(join(evidence, 'policy.yml'), 'utf8'), POLICY);
  assert.equal(readFileSync(join(evidence, 'token.jwt'), 'utf8'), 'a.b.c');
  assert.equal(statSync(evidence).mode & 0o777, 0o700);

  const [first, second] = entriesOf(evidence);
  assert.deepEqual(
    { ...first, chain: null },
    {
      ...{
        kind: 'session',
        session: answer.session,
        gateway: evidenceKey.thumbprint,
        issuer: 'local',
        claims: { sub: 'somebody' },
        chain: null,
      },
      ...{
        policySha256: loaded.sha256,
        policySource: null,
        clientKey: client.thumbprint,
        evidenceKey: evidenceKey.thumbprint,
        nonce: 'nonce',
        keeps: KEEPS,
        confinement: 'confined',
      },
    },
  );
  const [link] = z.array(z.record(z.string(), z.string())).parse(first?.['chain']);
  assert.deepEqual(
    [link?.['principal'], link?.['duty'], link?.['executable'], link?.['keyThumbprint']],
    ['local:somebody', 'reader', '', client.thumbprint],
  );
  assert.equal(second?.kind, 'checkpoint');
  await live.abort('the test is over');
});
