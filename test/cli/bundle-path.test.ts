import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findBundle } from '#cli/bundle-path.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

test('findBundle() takes a bundle, or the only one in a folder', (t) => {
  const parent = temporaryFolder(t);
  const bundle = join(parent, 'one');
  mkdirSync(bundle);
  mkdirSync(join(parent, 'else'));
  assert.ok('why' in findBundle(parent));
  writeFileSync(join(bundle, 'audit.jsonl'), '');
  assert.deepEqual(findBundle(parent), { bundle });
  assert.deepEqual(findBundle(bundle), { bundle });
  writeFileSync(join(parent, 'else', 'manifest.sig'), '');
  assert.match(JSON.stringify(findBundle(parent)), /holds 2, expected one/);
  assert.match(JSON.stringify(findBundle(join(parent, 'none'))), /ENOENT/);
  assert.match(JSON.stringify(findBundle(join(bundle, 'audit.jsonl'))), /no zip file/);
  writeFileSync(join(parent, 'bundle.zip'), 'PK\x03\x04');
  assert.deepEqual(findBundle(join(parent, 'bundle.zip')), { bundle: join(parent, 'bundle.zip') });
});
