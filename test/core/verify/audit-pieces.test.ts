import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditFiles, auditPieces } from '#core/verify/audit-pieces.ts';
import { memoryReader } from '#test/fixtures/memory-bundle.ts';

const names = ['audit-10.jsonl', 'audit-2.jsonl', 'audit.jsonl', 'policy.yml', 'audit-3.jsonl'];
const reader = memoryReader(new Map(names.map((name) => [name, Buffer.from(`<${name}>`)])), { pieceBytes: 5 });

test('auditPieces() reads the files of the chain in their order, and no others', async () => {
  const members = await reader.members();
  assert.deepEqual(
    auditFiles(members).map(({ path }) => path),
    ['audit.jsonl', 'audit-2.jsonl', 'audit-3.jsonl', 'audit-10.jsonl'],
  );
  let text = '';
  for await (const piece of auditPieces(reader, members)) text += Buffer.from(piece).toString();
  assert.equal(text, '<audit.jsonl><audit-2.jsonl><audit-3.jsonl><audit-10.jsonl>');
});

test('auditFiles() has no folder or link for a file', () => {
  assert.deepEqual(
    auditFiles([
      { path: 'audit.jsonl', kind: 'other', bytes: 0 },
      { path: 'audit-2.jsonl', kind: 'folder', bytes: 0 },
    ]),
    [],
  );
});
