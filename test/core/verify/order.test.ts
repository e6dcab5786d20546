import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { AuditEntry } from '#core/audit/entry.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { rechained } from '#test/fixtures/changed-bundle.ts';
import { type BundleFiles, loadBundle, memoryReader } from '#test/fixtures/memory-bundle.ts';

let sealed: BundleFiles;

before(async () => {
  const parent = mkdtempSync(join(tmpdir(), 'duty-gate-test-'));
  sealed = loadBundle((await makeBundle(parent)).path);
  rmSync(parent, { recursive: true });
});

const verify = (files: BundleFiles) => verifyBundle(memoryReader(files));

/** Entries that no gateway would write in this order, in a chain that is perfect. */
const ORDERS: readonly (readonly [what: string, code: string, change: (entries: AuditEntry[]) => AuditEntry[]])[] = [
  ['no genesis', 'chain', (entries) => entries.slice(1)],
  ['a second genesis', 'chain', (entries) => [...entries.slice(0, 2), ...entries.slice(0, 1), ...entries.slice(2)]],
  [
    'an outcome before its decision',
    'order',
    (entries) =>
      entries
        .toSorted((a, b) => Number(b.kind === 'outcome') - Number(a.kind === 'outcome') || 0)
        .toSorted((a, b) => Number(b.kind === 'session') - Number(a.kind === 'session')),
  ],
  ['two outcomes', 'order', (entries) => entries.flatMap((entry): AuditEntry[] => (entry.kind === 'outcome' ? [entry, entry] : [entry]))],
  [
    'an outcome of a refused operation',
    'order',
    (entries) => entries.map((entry) => (entry.kind === 'outcome' ? { ...entry, decision: 'd2' } : entry)),
  ],
  ['two seals', 'seal', (entries) => [...entries, ...entries.slice(-1)]],
  ['an entry after the seal', 'seal', (entries) => [...entries, ...entries.slice(1, 2)]],
  ['a seal that counts wrong', 'seal', (entries) => entries.map((entry) => (entry.kind === 'seal' ? { ...entry, refused: 0 } : entry))],
  [
    'a gap in a recording',
    'recording',
    (entries) => entries.map((entry) => (entry.kind === 'recording' ? { ...entry, offset: 1 } : entry)),
  ],
  [
    'a chunk of no recording',
    'recording',
    (entries) => entries.map((entry) => (entry.kind === 'recording' ? { ...entry, file: 'policy.yml' } : entry)),
  ],
  [
    'a chunk that is longer than the file',
    'recording',
    (entries) => entries.map((entry) => (entry.kind === 'recording' ? { ...entry, bytes: entry.bytes + 1 } : entry)),
  ],
];

test('verifyBundle() finds entries that may not stand where they are (W-evi-1)', async () => {
  for (const [what, code, change] of ORDERS) {
    const found = await verify(rechained(sealed, change));
    assert.deepEqual([found.verdict, found.problems[0]?.code], ['broken', code], `${what}: ${JSON.stringify(found.problems)}`);
  }
  assert.equal((await verify(rechained(sealed, (entries) => entries))).verdict, 'unsealed');
});
