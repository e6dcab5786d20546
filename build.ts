/**
 * Makes `dist/`, which is committed: users run it from a bare clone. With `--check`, only tells whether it is up to date.
 */
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compileCageProgram, sumsFile, writeSums } from './build/cage-program.ts';
import { differences } from './build/compare.ts';
import { type BuiltFile, buildFiles } from './build/files.ts';

const root = import.meta.dirname;
const dist = join(root, 'dist');
const programs = await compileCageProgram(root);
if (process.argv.includes('--check')) {
  await check();
} else {
  await writeSums(root, programs);
  await write(await buildFiles(root, programs));
}

async function check(): Promise<void> {
  const sums = sumsFile(root, programs);
  const stale = (await readFile(sums.path, 'utf8')) === sums.text ? [] : [`helpers is not what ${sums.path} says`];
  const found = [...stale, ...(await differences(await buildFiles(root, programs), dist))];
  for (const difference of found) console.error(`dist/${difference}`);
  if (found.length > 0) console.error('Cannot accept dist/: it is not what the sources give, expected the output of "npm run build"');
  process.exitCode = found.length === 0 ? 0 : 1;
}

async function write(files: ReadonlyMap<string, BuiltFile>): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  for (const [path, { bytes, executable }] of files) {
    const file = join(dist, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
    await chmod(file, executable ? 0o755 : 0o644);
  }
}
