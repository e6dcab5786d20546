import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

async function readAll(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += Buffer.from(piece).toString('latin1');
  return text;
}

test('openBundleFolder() lists what is there, links and pipes as what they are (R37)', async (t) => {
  const root = temporaryFolder(t);
  mkdirSync(join(root, 'recordings/0'), { recursive: true });
  writeFileSync(join(root, 'recordings/0/terminal.rec'), 'abc');
  symlinkSync('/etc', join(root, 'recordings/1'));
  symlinkSync('/etc/passwd', join(root, 'policy.yml'));
  assert.equal(spawnSync('mkfifo', [join(root, 'audit.jsonl')]).status, 0);
  const folder = openBundleFolder(root);
  assert.deepEqual(await folder.members(), [
    { path: 'audit.jsonl', kind: 'other', bytes: 0 },
    { path: 'policy.yml', kind: 'other', bytes: 0 },
    { path: 'recordings', kind: 'folder', bytes: 0 },
    { path: 'recordings/0', kind: 'folder', bytes: 0 },
    { path: 'recordings/0/terminal.rec', kind: 'file', bytes: 3 },
    { path: 'recordings/1', kind: 'other', bytes: 0 },
  ]);
  folder.close();
});

test('openBundleFolder() reads as much as was listed, and no link put in a place', async (t) => {
  const root = temporaryFolder(t);
  writeFileSync(join(root, 'policy.yml'), 'abcdef');
  const folder = openBundleFolder(root);
  assert.equal(await readAll(folder.read('policy.yml', 4)), 'abcd');
  assert.equal(await readAll(folder.read('policy.yml', 9)), 'abcdef');
  rmSync(join(root, 'policy.yml'));
  symlinkSync('/etc/passwd', join(root, 'policy.yml'));
  await assert.rejects(readAll(folder.read('policy.yml', 4)), /ELOOP/);
  rmSync(join(root, 'policy.yml'));
  assert.equal(spawnSync('mkfifo', [join(root, 'policy.yml')]).status, 0);
  await assert.rejects(readAll(folder.read('policy.yml', 4)), /regular file/);
  renameSync(root, `${root}-moved`);
  t.after(() => rmSync(`${root}-moved`, { recursive: true }));
  assert.equal((await folder.members()).length, 1);
  folder.close();
});
