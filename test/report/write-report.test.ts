import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { writeReport } from '#report/write-report.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

test('writeReport() makes one file of a bundle, terminal and player included', async (t) => {
  const parent = temporaryFolder(t);
  const { path } = await makeBundle(parent);
  const folder = openBundleFolder(path);
  const verification = await verifyBundle(folder);
  folder.close();
  const out = join(parent, 'report.html');
  await writeReport(path, out, verification);
  const page = readFileSync(out, 'utf8');
  const facts = JSON.parse(/id="facts">([^<]*)</.exec(page)?.[1] ?? '');
  assert.deepEqual(
    facts.operations.map(({ statement }: { statement: string }) => statement),
    ['SELECT * FROM orders', 'DROP TABLE orders'],
  );
  assert.match(facts.recordings[0].cast, /^\{"version":2/);
  assert.equal(facts.verification.verdict, 'sealed');
  assert.ok(page.includes('AsciinemaPlayer') && !/ src=| href=/.test(page.replace(/<script>[\s\S]*?<\/script>/g, '')));
  assert.equal(statSync(out).mode & 0o777, 0o600);
});
