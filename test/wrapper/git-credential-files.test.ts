import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { credentialFiles } from '#wrapper/git-credential-files.ts';

test('R12 credentialFiles() finds what actions/checkout leaves beside the workspace', (t) => {
  const folder = realpathSync(temporaryFolder(t));
  const at = (name: string): string => join(folder, name);
  for (const name of ['git-credentials-b.config', 'git-credentials-a.config', 'other.config']) writeFileSync(at(name), '');
  mkdirSync(at('git-credentials-folder.config'));
  symlinkSync('/etc/passwd', at('git-credentials-link.config'));
  assert.deepEqual(credentialFiles(folder), [at('git-credentials-a.config'), at('git-credentials-b.config')]);
});

test('credentialFiles() finds none where there is no such folder', () => {
  for (const folder of [undefined, '', 'relative', '/no/such']) assert.deepEqual(credentialFiles(folder), []);
});
