import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { WrapError } from './wrap-error.ts';

/** Root's folders, in the order searched. The caller's PATH is never used: it may be anybody's (R22). */
export const TOOL_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'] as const;

/** Debian's package of each tool, for the message that says how to mend. */
const PACKAGES = {
  bash: 'bash',
  chmod: 'coreutils',
  cp: 'coreutils',
  env: 'coreutils',
  ip: 'iproute2',
  mkdir: 'coreutils',
  mkfifo: 'coreutils',
  mount: 'mount',
  rm: 'coreutils',
  setpriv: 'util-linux',
  true: 'coreutils',
  unshare: 'util-linux',
} as const;

export type ToolName = keyof typeof PACKAGES;
export type Tools = Readonly<Record<ToolName, string>> & { readonly sudo: string | null };

/**
 * Absolute paths of the tools that a cage is made with; `sudo` may be missing.
 *
 * @throws WrapError `tool-missing`, naming all that are missing and their packages.
 */
export function findTools(folders: readonly string[]): Tools {
  const find = (name: string): string | null => folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
  const names = Object.keys(PACKAGES) as ToolName[];
  const found = names.map((name) => ({ name, path: find(name) }));
  const missing = found.filter(({ path }) => path === null).map(({ name }) => `${name} (Debian package ${PACKAGES[name]})`);
  if (missing.length > 0) {
    throw new WrapError('tool-missing', `Cannot make a cage: ${missing.join(', ')} not in ${folders.join(':')}, expected installed`);
  }
  const paths = Object.fromEntries(found.map(({ name, path }) => [name, path ?? ''])) as Record<ToolName, string>;
  return { ...paths, sudo: find('sudo') };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
