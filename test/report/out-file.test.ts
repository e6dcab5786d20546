import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { outPath, putReport, ReportFault, type ReportFaultCode } from '#report/out-file.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

function folders(t: TestContext): { readonly parent: string; readonly bundle: string } {
  const parent = realpathSync(temporaryFolder(t));
  const bundle = join(parent, 'bundle');
  mkdirSync(join(bundle, 'recordings'), { recursive: true });
  writeFileSync(join(bundle, 'audit.jsonl'), 'evidence');
  symlinkSync(bundle, join(parent, 'alias'));
  symlinkSync(join(bundle, 'audit.jsonl'), join(parent, 'link.html'));
  symlinkSync(join(bundle, 'new.html'), join(parent, 'dangling.html'));
  mkdirSync(join(parent, 'folder.html'));
  mkdirSync(join(parent, 'bundle-beside'));
  return { parent, bundle };
}

const REFUSED: readonly (readonly [out: string, code: ReportFaultCode])[] = [
  ['bundle/report.html', 'inside-bundle'],
  ['bundle/recordings/report.html', 'inside-bundle'],
  ['bundle/audit.jsonl', 'inside-bundle'],
  ['bundle-beside/../bundle/report.html', 'inside-bundle'],
  ['alias/report.html', 'inside-bundle'],
  ['alias/recordings/report.html', 'inside-bundle'],
  ['link.html', 'not-a-file'],
  ['dangling.html', 'not-a-file'],
  ['folder.html', 'not-a-file'],
  ['nowhere/report.html', 'no-folder'],
];

for (const [out, code] of REFUSED) {
  test(`outPath() refuses ${out}: ${code}`, (t) => {
    const { parent, bundle } = folders(t);
    for (const named of [bundle, join(parent, 'alias')])
      assert.throws(
        () => outPath(named, join(parent, out)),
        (error) => error instanceof ReportFault && error.code === code,
      );
    assert.deepEqual(readdirSync(bundle), ['audit.jsonl', 'recordings']);
  });
}

test('outPath() takes a place beside the bundle, also one whose name begins as the bundle does', (t) => {
  const { parent, bundle } = folders(t);
  writeFileSync(join(parent, 'old.html'), 'old');
  for (const out of ['report.html', 'old.html', 'bundle-beside/report.html'])
    assert.equal(outPath(bundle, join(parent, out)), join(parent, out));
});

test('putReport() replaces a file, or a link that came meanwhile, and writes through neither', (t) => {
  const { parent, bundle } = folders(t);
  linkSync(join(bundle, 'audit.jsonl'), join(parent, 'hard.html'));
  for (const name of ['hard.html', 'link.html']) {
    putReport(join(parent, name), 'page');
    assert.equal(readFileSync(join(parent, name), 'utf8'), 'page');
  }
  assert.equal(readFileSync(join(bundle, 'audit.jsonl'), 'utf8'), 'evidence');
  assert.equal(statSync(join(parent, 'link.html')).mode & 0o777, 0o600);
});

test('putReport() leaves nothing behind where it cannot put it', (t) => {
  const { parent } = folders(t);
  const before = readdirSync(parent);
  assert.throws(() => putReport(join(parent, 'folder.html'), 'page'));
  assert.deepEqual(readdirSync(parent), before);
});
