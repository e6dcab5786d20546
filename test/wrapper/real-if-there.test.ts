import assert from 'node:assert/strict';
import { realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { realIfThere } from '#wrapper/real-if-there.ts';

test('realIfThere() resolves what is there, and leaves what is not', (t) => {
  const folder = realpathSync(temporaryFolder(t));
  symlinkSync('/etc', join(folder, 'link'));
  assert.equal(realIfThere(join(folder, 'link/passwd')), '/etc/passwd');
  assert.equal(realIfThere(join(folder, 'link/no/such')), join(folder, 'link/no/such'));
});
