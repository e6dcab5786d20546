import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the clone: path from its root, and text. The checks of this folder are functions over these. */
export type ProjectFile = { readonly path: string; readonly text: string };

export const root = join(import.meta.dirname, '..', '..');

/** What git has, or would take on `git add .`, in order. Binary files are left out. */
export function projectFiles(): readonly ProjectFile[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  const paths = [...new Set(listed.split('\0'))].filter((path) => path !== '').sort();
  return paths.flatMap((path) => {
    const text = readText(path);
    return text === null ? [] : [{ path, text }];
  });
}

export function isSource(path: string): boolean {
  return /^(src|wrapper)\/.*\.ts$/.test(path) && !path.endsWith('.d.ts');
}

/** Null for what is binary, or deleted and not yet committed. */
function readText(path: string): string | null {
  try {
    const bytes = readFileSync(join(root, path));
    return bytes.includes(0) ? null : bytes.toString('utf8');
  } catch {
    return null;
  }
}
