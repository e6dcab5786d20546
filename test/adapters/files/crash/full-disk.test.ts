import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { EvidenceFault, EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const POINTS = 200;

test(`a bundle on a disk that is full, at ${POINTS} random points, is unsealed up to what was acknowledged, and says why (P2)`, async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const namespace = ['--user', '--map-root-user', '--mount'];
  const program = [process.execPath, join(import.meta.dirname, 'fill-disk.ts'), temporaryFolder(t), String(seed), String(POINTS)];
  const { stdout } = await promisify(execFile)('unshare', [...namespace, ...program]);
  const results: { verdict: string; sealed: boolean; failures: string[] }[] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(results.length, POINTS);
  for (const { verdict, sealed, failures } of results) {
    assert.equal(sealed, verdict === 'sealed', JSON.stringify(failures));
    assert.equal(sealed, failures.length === 0);
    if (!sealed) assert.match(failures.join(), /the disk is full \(ENOSPC\)|ENOSPC/);
  }
  const verdicts = new Set(results.map(({ verdict }) => verdict));
  assert.ok(verdicts.has('unsealed') && verdicts.has('sealed'), [...verdicts].join(' '));
});

test('a session that has grown to its limit is refused more in the same way', (t) => {
  const folder = EvidenceFolder.create(temporaryFolder(t), 's', 100);
  t.after(() => folder.close());
  const writer = folder.createFile('audit.jsonl');
  assert.equal(writer.write(Buffer.alloc(100), 0), 100);
  assert.throws(
    () => writer.write(Buffer.alloc(1), 0),
    (fault) => fault instanceof EvidenceFault && fault.code === 'over-limit',
  );
  writer.close();
});
