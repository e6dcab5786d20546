import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AuditFile } from '#adapters/files/audit-file.ts';
import { openBundle } from '#adapters/files/bundle.ts';
import { createCheckpoints } from '#adapters/files/checkpoints.ts';
import { publicJwk } from '#adapters/files/seal.ts';
import { findCheckpoints, isGoodCheckpoint } from '#core/audit/checkpoint.ts';
import { ed25519Thumbprint } from '#core/identity/ed25519.ts';
import { AuditCheck } from '#core/verify/audit-check.ts';
import { commandEntry, NO_KEYS, newKey, POLICY_TEXT, sessionEntry, steppingClock } from '#test/fixtures/bundle.ts';
import { fakeWriter } from '#test/fixtures/fake-writer.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

test('createCheckpoints() enters what it shows, behind all that was taken before', (t) => {
  const parent = temporaryFolder(t);
  const evidenceKey = newKey();
  const { entry, token } = sessionEntry('s', newKey(), evidenceKey);
  const { folder, audit } = openBundle({ parent, session: 's', policy: Buffer.from(POLICY_TEXT), token, clock: steppingClock() });
  t.after(() => folder.close());
  const checkpoints = createCheckpoints(audit, 's', evidenceKey);
  audit.append(entry);
  const shown = [checkpoints.enter()];
  audit.append(commandEntry());
  shown.push(checkpoints.enter(), checkpoints.ofEnd(audit.head));
  const log = shown.flatMap((text) => findCheckpoints(text ?? ''));
  assert.deepEqual(
    log.map(({ entries }) => entries),
    [1, 3, 4],
  );
  const thumbprint = ed25519Thumbprint(publicJwk(evidenceKey));
  assert.ok(log.every((each) => isGoodCheckpoint(each, thumbprint)));
  const check = new AuditCheck(NO_KEYS, log);
  check.push(readFileSync(join(parent, 's/audit.jsonl')));
  assert.deepEqual([check.problem, check.chain.entries, check.rules.signed, check.log.missing, check.log.genuine], [null, 4, 3, null, 3]);
  audit.close();
});

test('createCheckpoints() shows nothing that could not be kept', () => {
  const checkpoints = createCheckpoints(new AuditFile(() => fakeWriter({ syncFails: true }), steppingClock()), 's', newKey());
  assert.equal(checkpoints.enter(), null);
  const full = createCheckpoints(new AuditFile(() => fakeWriter({ room: 10 }), steppingClock()), 's', newKey());
  assert.equal(full.enter(), null);
  assert.equal(full.enter(), null);
});
