import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bundle } from '#build/bundle.ts';
import { compileCageProgram } from '#build/cage-program.ts';
import { buildFiles } from '#build/files.ts';

const root = join(import.meta.dirname, '..', '..');
const scratch = await mkdtemp(join(tmpdir(), 'duty-gate-build-'));
after(() => rm(scratch, { recursive: true, force: true }));

test('buildFiles() gives the same bytes in another folder, and none of them names the folder', async () => {
  const elsewhere = join(scratch, 'some', 'other clone');
  const { packages } = await bundle(root);
  const parts = ['src', 'wrapper', 'build', 'package.json', 'tsconfig.json', 'node_modules/asciinema-player', ...packages];
  for (const part of parts) await cp(join(root, part), join(elsewhere, part), { recursive: true });
  const here = await buildFiles(root, await compileCageProgram(root));
  const there = await buildFiles(elsewhere, await compileCageProgram(elsewhere));
  assert.deepEqual([...there.keys()], [...here.keys()]);
  for (const [path, { bytes, executable }] of here) {
    assert.ok(Buffer.compare(bytes, there.get(path)?.bytes ?? Buffer.alloc(0)) === 0, `${path} differs`);
    assert.equal(executable, path === 'bin/duty-gate' || path.endsWith('/duty-gate-cage'), path);
    assert.equal(Buffer.from(bytes).includes(root), false, `${path} names the clone's folder`);
  }
});

test('buildFiles() refuses a native file that is not the reviewed one', async () => {
  const changed = join(scratch, 'changed');
  const { packages } = await bundle(root);
  for (const part of ['src', 'wrapper', 'build', 'package.json', 'tsconfig.json', 'node_modules/asciinema-player', ...packages]) {
    await cp(join(root, part), join(changed, part), { recursive: true });
  }
  await writeFile(join(changed, 'node_modules/node-pty/prebuilds/linux-x64/pty.node'), 'another program');
  await assert.rejects(buildFiles(changed, new Map()), /prebuilds\/linux-x64\/pty\.node has SHA-256/);
});
