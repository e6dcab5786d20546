import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { publicJwk } from '#adapters/files/seal.ts';
import { type Checkpoint, checkpointSigningInput, checkpointText, findCheckpoints, isGoodCheckpoint } from '#core/audit/checkpoint.ts';
import { ed25519Thumbprint } from '#core/identity/ed25519.ts';
import { newKey } from '#test/fixtures/bundle.ts';

const PRIVATE = newKey();
const KEY = publicJwk(PRIVATE);
const EVIDENCE_KEY = ed25519Thumbprint(KEY);

function checkpoint(head = { session: 's-1_A', entries: 12, last: 'ab'.repeat(32) }): Checkpoint {
  return { ...head, key: KEY, sig: sign(null, checkpointSigningInput(head), PRIVATE).toString('base64url') };
}

test('checkpointSigningInput() is what docs/evidence.md says', () => {
  assert.equal(
    checkpointSigningInput({ session: 's', entries: 2, last: 'ff'.repeat(32) }).toString(),
    `duty-gate:checkpoint:v1\n{"entries":2,"last":"${'ff'.repeat(32)}","session":"s","v":1}`,
  );
});

test('findCheckpoints() finds what checkpointText() wrote, anywhere in a line', () => {
  const made = checkpoint();
  const text = checkpointText(made);
  for (const line of [text, `2026-01-01T00:00:00.0000000Z duty-gate: checkpoint ${text}`, `${text} ${text}`, `x${text}.`])
    assert.deepEqual(findCheckpoints(line)[0], made, line);
  assert.equal(findCheckpoints(`${text} ${text}`).length, 2);
});

test('findCheckpoints() passes over what is none', () => {
  const text = checkpointText(checkpoint());
  const bad = [
    '',
    'dgc1.',
    text.slice(0, -1),
    text.replace('dgc1', 'dgc2'),
    text.replace('.12.', '.012.'),
    text.replace('.12.', '.-1.'),
    text.replace('.12.', '.99999999999999999.'),
  ];
  for (const line of bad) assert.deepEqual(findCheckpoints(line), [], line);
  assert.deepEqual(findCheckpoints(`${text}A`), []);
});

test('isGoodCheckpoint() takes nothing but what that key signed', () => {
  const made = checkpoint();
  assert.ok(isGoodCheckpoint(made, EVIDENCE_KEY));
  const other = publicJwk(newKey());
  const changes = [
    { session: 's-2' },
    { entries: 13 },
    { last: 'ac'.repeat(32) },
    { key: other },
    { sig: made.sig.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) },
    { sig: '' },
  ];
  for (const change of changes) assert.ok(!isGoodCheckpoint({ ...made, ...change }, EVIDENCE_KEY), JSON.stringify(change));
  assert.ok(!isGoodCheckpoint(made, ed25519Thumbprint(other)));
});

test('findCheckpoints() finishes on anything', () => {
  const piece = fc.constantFrom('dgc1.', 'dgc1', '.', 's', '12', 'A'.repeat(43), 'A'.repeat(86), '-', ' ');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      for (const { entries, last } of findCheckpoints(pieces.join(''))) assert.ok(Number.isSafeInteger(entries) && last.length === 64);
    }),
    { numRuns: 500, verbose: 1 },
  );
});
