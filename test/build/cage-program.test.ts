import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compileCageProgram, sumsFile, writeSums } from '#build/cage-program.ts';

const root = join(import.meta.dirname, '..', '..');
const clone = await mkdtemp(join(tmpdir(), 'duty-gate-compile-'));
after(() => rm(clone, { recursive: true, force: true }));
await cp(join(root, 'wrapper'), join(clone, 'wrapper'), { recursive: true });

test('compileCageProgram() gives static programs for both architectures, as they are committed', async () => {
  const programs = await compileCageProgram(clone);
  assert.deepEqual([...programs.keys()].sort(), ['helpers/linux-arm64/duty-gate-cage', 'helpers/linux-x64/duty-gate-cage']);
  for (const [path, bytes] of programs) {
    assert.deepEqual(Buffer.from(bytes), await readFile(join(root, 'dist', path)), path);
    // e_machine (ELF header): 183 is AArch64, 62 x86-64. No PT_INTERP would name a dynamic loader.
    const machine = Buffer.from(bytes).readUInt16LE(18);
    assert.equal(machine, path.includes('arm64') ? 183 : 62);
    assert.equal(Buffer.from(bytes).includes('/lib/ld-'), false);
  }
});

test('compileCageProgram() refuses what the compiler warns of', async () => {
  const path = join(clone, 'wrapper', 'cage', 'main.c');
  const text = await readFile(path, 'utf8');
  await writeFile(path, `${text}\nstatic void left_over(void) {}\n`);
  await assert.rejects(compileCageProgram(clone), /left_over/);
  await writeFile(path, text);
});

test('writeSums() writes what sumsFile() gives, and only that changes with the program', async () => {
  const programs = new Map([['helpers/linux-x64/duty-gate-cage', Buffer.from('another')]]);
  const { path, text } = sumsFile(clone, programs);
  await writeSums(clone, programs);
  assert.equal(await readFile(path, 'utf8'), text);
  const committed = await readFile(join(root, 'wrapper', 'cage-program-sums.ts'), 'utf8');
  assert.equal(text.replaceAll(/[0-9a-f]{64}/g, ''), committed.replaceAll(/[0-9a-f]{64}/g, ''));
});
