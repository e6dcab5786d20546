import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { SUMMARY_BYTES_MAX } from '#action/summary.ts';
import { appendSummary } from '#action/summary-file.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

test('appendSummary() adds to what is there', (t) => {
  const path = join(temporaryFolder(t), 'summary');
  writeFileSync(path, 'before\n');
  assert.equal(appendSummary(path, 'pägè\n'), null);
  assert.equal(readFileSync(path, 'utf8'), 'before\npägè\n');
});

describe('R18 appendSummary() writes to nothing else', () => {
  const cases: readonly (readonly [string, (path: string, other: string) => void])[] = [
    ['than what is there', () => undefined],
    ['through a link', (path, other) => symlinkSync(other, path)],
    ['by another name of a file', (path, other) => linkSync(other, path)],
    ['into a folder', (path) => mkdirSync(path)],
    ['into a pipe that nobody reads', (path) => void execFileSync('mkfifo', [path])],
  ];
  for (const [name, make] of cases) {
    it(name, (t) => {
      const folder = temporaryFolder(t);
      const [path, other] = [join(folder, 'summary'), join(folder, 'other')];
      writeFileSync(other, 'own');
      make(path, other);
      assert.match(appendSummary(path, 'page') ?? '', /^its file/);
      assert.equal(readFileSync(other, 'utf8'), 'own');
    });
  }
  for (const path of [undefined, ''])
    it(`where the runner names ${JSON.stringify(path)}`, () => assert.match(appendSummary(path, 'page') ?? '', /names no file/));
});

test('appendSummary() writes no page that the runner would drop', (t) => {
  const path = join(temporaryFolder(t), 'summary');
  writeFileSync(path, '');
  assert.match(appendSummary(path, 'x'.repeat(SUMMARY_BYTES_MAX + 1)) ?? '', /has 1048577 bytes/);
  assert.equal(readFileSync(path, 'utf8'), '');
});
