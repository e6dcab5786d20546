import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuditCheck } from '#core/verify/audit-check.ts';
import { keepDigest, type Work } from '#core/verify/work.ts';
import { NO_KEYS } from '#test/fixtures/bundle.ts';
import { memoryReader } from '#test/fixtures/memory-bundle.ts';

test('keepDigest() remembers what was read, and says when it was not what was listed', () => {
  const work: Work = {
    ...{ reader: memoryReader(new Map()), files: new Map(), sealed: true, audit: new AuditCheck(NO_KEYS), digests: new Map() },
    ...{ problems: [], notes: [], anchoring: 'unanchored', recordings: 0, recordedBytes: 0 },
  };
  const member = { path: 'policy.yml', kind: 'file', bytes: 3 } as const;
  keepDigest(work, member, { path: 'policy.yml', bytes: 3, sha256: 'x' });
  assert.deepEqual([work.digests.size, work.problems.length], [1, 0]);
  keepDigest(work, member, { path: 'policy.yml', bytes: 2, sha256: 'x' });
  assert.match(work.problems[0]?.what ?? '', /size changed/);
});
