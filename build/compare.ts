import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { BuiltFile } from './files.ts';

/** In words, all in which the folder differs from what was built: content, executable bit, missing and surplus files. */
export async function differences(built: ReadonlyMap<string, BuiltFile>, folder: string): Promise<readonly string[]> {
  const present = new Set(await filesIn(folder));
  const found: string[] = [];
  for (const [path, file] of built) {
    if (!present.delete(path)) found.push(`${path} is missing`);
    else found.push(...(await differencesOf(path, file, join(folder, path))));
  }
  for (const path of present) found.push(`${path} is left over`);
  return found.sort();
}

async function differencesOf(path: string, built: BuiltFile, file: string): Promise<readonly string[]> {
  if (!(await readFile(file)).equals(built.bytes)) return [`${path} has other content`];
  const executable = ((await stat(file)).mode & 0o100) !== 0;
  return executable === built.executable ? [] : [`${path} is ${executable ? '' : 'not '}executable`];
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
