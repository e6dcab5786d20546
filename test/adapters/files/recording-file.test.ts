import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EvidenceFault, EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import { RecordingFile } from '#adapters/files/recording-file.ts';
import type { RecordingEntry } from '#core/audit/entry.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const PATH = 'recordings/0/terminal.rec';

test('RecordingFile writes at once, and names no range before it has ended', async (t) => {
  const folder = EvidenceFolder.create(temporaryFolder(t), 'session');
  t.after(() => folder.close());
  const ranges: RecordingEntry[] = [];
  const file = new RecordingFile({ folder, path: PATH, range: (entry) => void ranges.push(entry), encrypt: null });
  file.take(Buffer.from('abc'));
  assert.deepEqual([readFileSync(`${folder.path}/${PATH}`, 'utf8'), ranges.length], ['abc', 0]);
  await file.endRange();
  await file.endRange();
  file.take(Buffer.from('de'));
  await file.endRange();
  file.close();
  assert.deepEqual(ranges, [
    { kind: 'recording', file: PATH, offset: 0, bytes: 3, sha256: sha256Hex('abc') },
    { kind: 'recording', file: PATH, offset: 3, bytes: 2, sha256: sha256Hex('de') },
  ]);
  assert.deepEqual(folder.files, [{ path: PATH, bytes: 5, sha256: sha256Hex('abcde') }]);
});

test('RecordingFile has nothing on the disk of a range that is to be encrypted and has not ended', async (t) => {
  const folder = EvidenceFolder.create(temporaryFolder(t), 'session');
  t.after(() => folder.close());
  const ranges: RecordingEntry[] = [];
  const encrypt = async (plaintext: Uint8Array) => Buffer.from(plaintext).reverse();
  const file = new RecordingFile({ folder, path: `${PATH}.age`, range: (entry) => void ranges.push(entry), encrypt });
  file.take(Buffer.from('ab'));
  file.take(Buffer.from('c'));
  assert.equal(readFileSync(`${folder.path}/${PATH}.age`).length, 0);
  await file.endRange();
  file.close();
  assert.equal(readFileSync(`${folder.path}/${PATH}.age`, 'utf8'), 'cba');
  assert.deepEqual(ranges[0]?.sha256, sha256Hex('cba'));
});

test('RecordingFile names no range that could not be written (P6)', async (t) => {
  const folder = EvidenceFolder.create(temporaryFolder(t), 'session', 4);
  t.after(() => folder.close());
  const ranges: RecordingEntry[] = [];
  const file = new RecordingFile({ folder, path: PATH, range: (entry) => void ranges.push(entry), encrypt: null });
  file.take(Buffer.from('abc'));
  assert.throws(() => file.take(Buffer.from('de')), EvidenceFault);
  await file.endRange();
  assert.deepEqual(
    ranges.map(({ bytes }) => bytes),
    [3],
  );
  const none = new RecordingFile({ folder, path: 'recordings/1/terminal.rec', range: (entry) => void ranges.push(entry), encrypt: null });
  assert.throws(() => none.take(Buffer.from('de')), EvidenceFault);
  await none.endRange();
  assert.equal(ranges.length, 1);
});
