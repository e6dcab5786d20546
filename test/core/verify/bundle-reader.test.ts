import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256Hex } from '#core/audit/sha256.ts';
import { readThrough, readWhole } from '#core/verify/bundle-reader.ts';
import { memoryReader } from '#test/fixtures/memory-bundle.ts';

const reader = memoryReader(new Map([['policy.yml', Buffer.from('abcdef')]]), { pieceBytes: 4 });

test('readThrough() hands on every piece and its digest', async () => {
  const pieces: string[] = [];
  const digest = await readThrough(
    reader,
    { path: 'policy.yml', kind: 'file', bytes: 6 },
    (piece) => void pieces.push(Buffer.from(piece).toString()),
  );
  assert.deepEqual(pieces, ['abcd', 'ef']);
  assert.deepEqual(digest, { path: 'policy.yml', bytes: 6, sha256: sha256Hex('abcdef') });
});

test('readWhole() reads no more than was listed', async () => {
  const { content, digest } = await readWhole(reader, { path: 'policy.yml', kind: 'file', bytes: 5 });
  assert.deepEqual([content.toString(), digest.bytes], ['abcde', 5]);
});
