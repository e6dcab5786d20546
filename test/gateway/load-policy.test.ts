import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { NO_SECRETS } from '#adapters/secrets/secrets-file.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { GatewayError } from '#gateway/gateway-error.ts';
import { loadPolicy, POLICY_BYTES_MAX, requireSecrets, understand } from '#gateway/load-policy.ts';
import { POLICY } from './harness.ts';

function fileFor(t: TestContext, content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-policy-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'policy.yml');
  writeFileSync(path, content);
  return path;
}

test('loadPolicy() keeps the bytes it judged by', async (t) => {
  const { policy, bytes, sha256, source } = await loadPolicy(fileFor(t, POLICY));
  assert.deepEqual([...policy.duties.keys()], ['reader']);
  assert.deepEqual(Buffer.from(bytes).toString(), POLICY);
  assert.equal(sha256, sha256Hex(POLICY));
  assert.equal(source, null);
});

test('loadPolicy() tells each problem by line, for whoever shows it there', async (t) => {
  const path = fileFor(t, POLICY.replace('[read]', '[reed]').replace('tls: disable', 'tls: maybe'));
  const error = await loadPolicy(path).catch((cause: unknown) => cause);
  assert.ok(error instanceof GatewayError);
  assert.deepEqual(
    error.problems.map(({ line, message }) => [line, message.split(':')[0]]),
    [
      [10, 'targets.orders-db.tls'],
      [13, 'duties.reader.allow[0].effects[0]'],
    ],
  );
});

test('understand() keeps where the bytes are from', () => {
  const source = { repository: 'a/b', repositoryId: '1', path: 'p.yml', ref: 'refs/heads/main', commit: 'c' };
  assert.deepEqual(understand(Buffer.from(POLICY), 'p.yml', source).source, source);
  assert.throws(() => understand(Buffer.from('{'), 'p.yml', source), { code: 'policy', message: / {2}p\.yml:1:/ });
});

const REFUSED: readonly { name: string; content: string | Buffer; says: RegExp }[] = [
  { name: 'nothing', content: '', says: /problem/ },
  { name: 'no UTF-8', content: Buffer.from([0x76, 0xff]), says: /not UTF-8/ },
  { name: 'more than the maximum', content: `${POLICY}#${'x'.repeat(POLICY_BYTES_MAX)}`, says: /too large/ },
  {
    name: 'two problems',
    content: POLICY.replace('[read]', '[reed]').replace('tls: disable', 'tls: maybe'),
    says: /2 problem[\s\S]*:10:[\s\S]*:13:/,
  },
];

for (const { name, content, says } of REFUSED) {
  test(`loadPolicy() refuses ${name}`, async (t) => {
    await assert.rejects(loadPolicy(fileFor(t, content)), { code: 'policy', message: says });
  });
}

test('loadPolicy() refuses a file that is not there', async () => {
  await assert.rejects(loadPolicy('/nowhere/policy.yml'), { code: 'policy', message: /ENOENT/ });
});

test('requireSecrets() names every secret that is missing', async (t) => {
  const two = POLICY.replace('tls: disable', 'tls: disable\n    ca: { secret: ORDERS_CA }');
  const { policy } = await loadPolicy(fileFor(t, two));
  assert.throws(() => requireSecrets(policy, NO_SECRETS), {
    code: 'secrets',
    message: /ORDERS_DB \(target orders-db\)[\s\S]*ORDERS_CA \(target orders-db\)/,
  });
  requireSecrets(policy, { names: [], get: () => 'value' });
});
