import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { makeEvidenceParent } from '#wrapper/evidence-parent.ts';

describe('makeEvidenceParent()', () => {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-parent-'));
  after(() => rmSync(folder, { recursive: true }));

  test('makes folders for the owner only, and leaves what is there', () => {
    for (let time = 0; time < 2; time++) makeEvidenceParent(join(folder, 'a/b'));
    assert.equal(statSync(join(folder, 'a')).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, 'a/b')).mode & 0o777, 0o700);
  });

  test('refuses a place that takes no folders, and a file', () => {
    writeFileSync(join(folder, 'file'), '');
    for (const path of ['/proc/none', '/proc/none/below', join(folder, 'file')]) {
      assert.throws(() => makeEvidenceParent(path), { code: 'set-up', message: /^Cannot make the evidence folder / });
    }
  });
});
