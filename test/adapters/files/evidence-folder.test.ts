import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EvidenceFault, EvidenceFolder, errorCode, type FileWriter, writeAll } from '#adapters/files/evidence-folder.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const faults = (code: string) => (fault: unknown) => fault instanceof EvidenceFault && fault.code === code;

test('EvidenceFolder makes folders and files that only we can reach', (t) => {
  const parent = join(temporaryFolder(t), 'made', 'too');
  const folder = EvidenceFolder.create(parent, 'session');
  folder.writeWhole('recordings/0/terminal.rec', Buffer.from('x'));
  const mode = (path: string): number => statSync(join(parent, 'session', path)).mode & 0o777;
  assert.deepEqual(['', 'recordings', 'recordings/0', 'recordings/0/terminal.rec'].map(mode), [0o700, 0o700, 0o700, 0o600]);
  assert.deepEqual(folder.files, [{ path: 'recordings/0/terminal.rec', bytes: 1, sha256: sha256Hex('x') }]);
  folder.close();
});

test('EvidenceFolder writes into its own folder when it is moved away and a link is put in its place', (t) => {
  const parent = temporaryFolder(t);
  const folder = EvidenceFolder.create(join(parent, 'evidence'), 'session');
  mkdirSync(join(parent, 'trap'));
  renameSync(join(parent, 'evidence'), join(parent, 'moved'));
  symlinkSync(join(parent, 'trap'), join(parent, 'evidence'));
  folder.writeWhole('policy.yml', Buffer.from('p'));
  folder.writeWhole('recordings/0/terminal.rec', Buffer.from('r'));
  assert.deepEqual(readdirSync(join(parent, 'trap')), []);
  assert.equal(readFileSync(join(parent, 'moved/session/recordings/0/terminal.rec'), 'utf8'), 'r');
  folder.close();
});

test('EvidenceFolder refuses what is already there, links above all', (t) => {
  const parent = temporaryFolder(t);
  const victim = join(parent, 'victim');
  writeFileSync(victim, 'unharmed');
  const folder = EvidenceFolder.create(parent, 'session');
  symlinkSync(victim, join(parent, 'session/policy.yml'));
  symlinkSync(join(parent, 'nowhere'), join(parent, 'session/token.jwt'));
  symlinkSync(parent, join(parent, 'session/recordings'));
  for (const path of ['policy.yml', 'token.jwt', 'recordings/0/terminal.rec'])
    assert.throws(() => folder.createFile(path), faults('exists'), path);
  assert.throws(() => folder.openForReading('policy.yml'), faults('write-failed'));
  assert.throws(() => EvidenceFolder.create(parent, 'session'), faults('exists'));
  assert.equal(readFileSync(victim, 'utf8'), 'unharmed');
  folder.close();
});

test('EvidenceFolder refuses names that lead elsewhere', (t) => {
  const parent = temporaryFolder(t);
  for (const session of ['', '..', 'a/b', 'a.b', 'a'.repeat(65), 'a\0'])
    assert.throws(() => EvidenceFolder.create(parent, session), faults('misnamed'));
  const folder = EvidenceFolder.create(parent, '-session');
  for (const path of ['', '..', '../x', '/etc/passwd', 'a//b', './a', 'a/b/c/d/e', 'a\0b', '.hidden']) {
    assert.throws(() => folder.createFile(path), faults('misnamed'), path);
  }
  folder.close();
  assert.throws(() => folder.createFile('policy.yml'), faults('closed'));
});

test('EvidenceFolder says which error stopped it', (t) => {
  const parent = temporaryFolder(t);
  const folder = EvidenceFolder.create(parent, 'session');
  chmodSync(join(parent, 'session'), 0o500);
  if (process.geteuid?.() !== 0) assert.throws(() => folder.createFile('policy.yml'), /EACCES/);
  chmodSync(join(parent, 'session'), 0o700);
  folder.close();
  assert.equal(errorCode(Object.assign(new Error('with a secret'), { code: 'ENOSPC' })), 'the disk is full (ENOSPC)');
  assert.equal(errorCode(Object.assign(new Error('with a secret'), { code: 'EIO' })), 'EIO');
  assert.equal(errorCode('anything'), 'failed');
});

test('EvidenceFolder gives one session no more than its bytes, however many files they are in', (t) => {
  const folder = EvidenceFolder.create(temporaryFolder(t), 'session', 10);
  t.after(() => folder.close());
  folder.writeWhole('policy.yml', Buffer.alloc(6));
  assert.throws(
    () => folder.writeWhole('token.jwt', Buffer.alloc(5)),
    (fault) => fault instanceof EvidenceFault && /grown to its limit/.test(fault.message),
  );
});

test('writeAll() goes on after partial writes, and stops at a file that takes nothing', () => {
  const taken: number[] = [];
  const byTwo: FileWriter = {
    write: (bytes, offset) => {
      const part = bytes.subarray(offset, offset + 2);
      taken.push(...part);
      return part.length;
    },
    sync: () => {},
    close: () => {},
  };
  writeAll(byTwo, Buffer.from([1, 2, 3, 4, 5]));
  assert.deepEqual(taken, [1, 2, 3, 4, 5]);
  assert.throws(() => writeAll({ ...byTwo, write: () => 0 }, Buffer.from([1])), faults('write-failed'));
});

test('EvidenceFolder keeps few folders open, however many it has, and finds each again', (t) => {
  const parent = temporaryFolder(t);
  const folder = EvidenceFolder.create(parent, 'session');
  const open = (): number => readdirSync('/proc/self/fd').length;
  const before = open();
  for (let n = 0; n < 200; n++) folder.writeWhole(`recordings/${n}/terminal.rec`, Buffer.from(String(n)));
  assert.ok(open() - before < 25, `${open() - before} descriptors`);
  for (let n = 0; n < 200; n++) folder.writeWhole(`recordings/${n}/terminal.cast`, Buffer.from('x'));
  folder.sync();
  folder.close();
  assert.equal(open(), before - 1);
  assert.equal(readFileSync(join(parent, 'session/recordings/7/terminal.rec'), 'utf8'), '7');
});
