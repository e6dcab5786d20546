import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { sessionAudience } from '#core/identity/audience.ts';

const NAMED = { gateway: 'gate.example', nonce: 'n-1', clientKey: 'C'.repeat(43), evidenceKey: 'E'.repeat(43) };

test('sessionAudience() has five fields, the last over gateway, nonce and keys (R2)', () => {
  const preimage = `{"clientKey":"${NAMED.clientKey}","evidenceKey":"${NAMED.evidenceKey}","gateway":"gate.example","nonce":"n-1","v":1}`;
  const hash = createHash('sha256').update(preimage).digest('base64url');
  assert.equal(sessionAudience(NAMED), `duty-gate:session:v1:gate.example:${hash}`);
  assert.equal(sessionAudience(NAMED).split(':').length, 5);
});

test('sessionAudience() differs when any of them does', () => {
  const changes = [{ gateway: 'other' }, { nonce: 'n-2' }, { clientKey: 'D'.repeat(43) }, { evidenceKey: 'C'.repeat(43) }];
  const all = [NAMED, ...changes.map((change) => ({ ...NAMED, ...change }))].map(sessionAudience);
  assert.equal(new Set(all).size, all.length);
});

test('sessionAudience() refuses gateways that could pass for another', () => {
  for (const gateway of ['', 'a:b', 'a b', 'ä', 'a'.repeat(65), 'a\n'])
    assert.throws(() => sessionAudience({ ...NAMED, gateway }), RangeError);
});
