import assert from 'node:assert/strict';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { readJobRecord, writeJobRecord } from '#action/job-record.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const RECORD = { evidenceFolder: '/work/_temp/evidence', artifactName: null, retentionDays: 30, attest: false };

test('writeJobRecord() and readJobRecord() hand the record on, for its owner only and once', (t) => {
  const folder = temporaryFolder(t);
  assert.equal(readJobRecord(folder), null);
  writeJobRecord(folder, RECORD);
  assert.deepEqual(readJobRecord(folder), RECORD);
  assert.equal(statSync(join(folder, 'job.json')).mode & 0o777, 0o600);
  assert.throws(() => writeJobRecord(folder, RECORD), { code: 'EEXIST' });
});

describe('readJobRecord() refuses', () => {
  const text = JSON.stringify({ version: 1, ...RECORD });
  const cases: readonly (readonly [string, (path: string) => void])[] = [
    ['a folder', (path) => mkdirSync(path)],
    [
      'a link',
      (path) => {
        writeFileSync(`${path}.real`, text);
        symlinkSync(`${path}.real`, path);
      },
    ],
    ['no JSON', (path) => writeFileSync(path, 'x')],
    ['another version', (path) => writeFileSync(path, JSON.stringify({ version: 2, ...RECORD }))],
    ['a relative folder', (path) => writeFileSync(path, JSON.stringify({ version: 1, ...RECORD, evidenceFolder: 'x' }))],
    ['more than it holds', (path) => writeFileSync(path, JSON.stringify({ version: 1, ...RECORD, more: 1 }))],
    ['a large file', (path) => writeFileSync(path, text + ' '.repeat(100_000))],
  ];
  for (const [name, make] of cases) {
    it(name, (t) => {
      const folder = temporaryFolder(t);
      make(join(folder, 'job.json'));
      assert.throws(() => readJobRecord(folder), { code: 'folder', message: /^Cannot read .*job\.json: it is not what this action wrote/ });
    });
  }
});
