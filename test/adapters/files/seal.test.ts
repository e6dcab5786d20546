import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AuditFile } from '#adapters/files/audit-file.ts';
import { openBundle } from '#adapters/files/bundle.ts';
import { EvidenceFault } from '#adapters/files/evidence-folder.ts';
import { RecordingWriter } from '#adapters/files/recording-writer.ts';
import { publicJwk, sealBundle } from '#adapters/files/seal.ts';
import { encodeResize } from '#core/recording/frames.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { commandEntry, makeBundle, newKey, POLICY_TEXT, sessionEntry, steppingClock } from '#test/fixtures/bundle.ts';
import { fakeWriter } from '#test/fixtures/fake-writer.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { loadBundle, memoryReader } from '#test/fixtures/memory-bundle.ts';

test('sealBundle() leaves a bundle that verifies, with nothing beside it', async (t) => {
  const { path } = await makeBundle(temporaryFolder(t));
  const files = loadBundle(path);
  assert.deepEqual([...files.keys()].sort(), [
    'audit.jsonl',
    'manifest.json',
    'manifest.sig',
    'policy.yml',
    'recordings/0/terminal.cast',
    'recordings/0/terminal.rec',
    'recordings/0/terminal.v3.cast',
    'token.jwt',
  ]);
  const { verdict, anchoring, problems } = await verifyBundle(memoryReader(files));
  assert.deepEqual([verdict, anchoring, problems], ['sealed', 'local', []]);
});

test('sealBundle() signs what was written, not what the disk holds by then', async (t) => {
  const parent = temporaryFolder(t);
  const [clientKey, evidenceKey] = [newKey(), newKey()];
  const { entry, token } = sessionEntry('s', clientKey, evidenceKey);
  const { folder, audit } = openBundle({ parent, session: 's', policy: Buffer.from(POLICY_TEXT), token, clock: steppingClock() });
  audit.append(entry);
  audit.append(commandEntry());
  const recording = new RecordingWriter({ folder, link: '0', of: 'terminal', range: (range) => audit.append(range), encrypt: null });
  await recording.push(encodeResize(0, 80, 24));
  await recording.close();
  appendFileSync(join(parent, 's/recordings/0/terminal.rec'), encodeResize(1, 1, 1));
  await sealBundle({ folder, audit, session: 's', gateway: entry.gateway, evidenceKey, token: null });
  folder.close();
  const { problems } = await verifyBundle(memoryReader(loadBundle(join(parent, 's'))));
  assert.deepEqual(
    [...new Set(problems.map(({ where }) => where))],
    ['recordings/0/terminal.rec', 'recordings/0/terminal.cast', 'recordings/0/terminal.v3.cast'],
  );
});

test('sealBundle() leaves the bundle unsealed when the audit cannot be kept or a name is taken', async (t) => {
  const parent = temporaryFolder(t);
  const evidenceKey = newKey();
  for (const [session, full] of [
    ['full', true],
    ['taken', false],
  ] as const) {
    const { entry, token } = sessionEntry(session, newKey(), evidenceKey);
    const { folder, audit } = openBundle({ parent, session, policy: Buffer.from(POLICY_TEXT), token, clock: steppingClock() });
    audit.append(entry);
    if (!full) writeFileSync(join(parent, session, 'manifest.json'), 'planted');
    const log = full ? new AuditFile(() => fakeWriter({ room: 10 }), steppingClock()) : audit;
    await assert.rejects(sealBundle({ folder, audit: log, session, gateway: entry.gateway, evidenceKey, token: null }), EvidenceFault);
    folder.close();
    assert.ok(!readdirSync(join(parent, session)).includes('manifest.sig'));
    audit.close();
    assert.equal((await verifyBundle(memoryReader(loadBundle(join(parent, session))))).verdict, 'unsealed');
  }
});

test('publicJwk() has nothing of the private half', () => {
  const key = newKey();
  assert.deepEqual(Object.keys(publicJwk(key)).sort(), ['crv', 'kty', 'x']);
  assert.throws(() => publicJwk(generateKeyPairSync('x25519').privateKey));
});
