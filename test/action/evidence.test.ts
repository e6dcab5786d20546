import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findBundle, readEvidence } from '#action/evidence.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

test('findBundle() finds the one folder, and none where there is none', async (t) => {
  const folder = temporaryFolder(t);
  assert.equal(findBundle(join(folder, 'nowhere')), null);
  assert.equal(findBundle(folder), null);
  writeFileSync(join(folder, 'a-file'), '');
  symlinkSync('/etc', join(folder, 'a-link'));
  assert.equal(findBundle(folder), null);
  const { path } = await makeBundle(folder);
  assert.equal(findBundle(folder), path);
});

test('readEvidence() verifies, lists what was refused, and names the files', async (t) => {
  const { path } = await makeBundle(temporaryFolder(t));
  const { verification, refused, files } = await readEvidence(path);
  assert.deepEqual([verification.verdict, refused.count], ['sealed', 1]);
  assert.ok(files.includes(join(path, 'audit.jsonl')) && files.includes(join(path, 'recordings/0/terminal.cast')));
});

test('readEvidence() gives what there is of an unsealed bundle', async (t) => {
  const { path } = await makeBundle(temporaryFolder(t), { seal: false });
  const { verification, files } = await readEvidence(path);
  assert.equal(verification.verdict, 'unsealed');
  assert.ok(files.includes(join(path, 'audit.jsonl')));
});

test('readEvidence() calls a bundle broken that somebody added to, and names no link as a file', async (t) => {
  const { path } = await makeBundle(temporaryFolder(t));
  symlinkSync('/etc/passwd', join(path, 'recordings/passwd'));
  mkdirSync(join(path, 'more'));
  const { verification, files } = await readEvidence(path);
  assert.equal(verification.verdict, 'broken');
  assert.ok(!files.some((file) => file.endsWith('passwd')));
});
