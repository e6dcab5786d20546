import { realpathSync, statSync } from 'node:fs';
import { PRIVATE_FOLDERS } from './base-mounts.ts';
import type { Mount } from './mount-table.ts';
import { otherPlaces } from './other-places.ts';
import { WrapError } from './wrap-error.ts';

/**
 * The real paths to cover: links resolved, wherever else a mount shows the same, those below another one dropped.
 *
 * @param mounts of the whole namespace.
 * @throws WrapError `set-up` when a path does not exist, or covering it would cover everything.
 */
export function hiddenPaths(paths: readonly string[], mounts: readonly Mount[]): readonly string[] {
  const named = paths.map(realPath);
  const real = [...new Set([...named, ...named.flatMap((path) => otherPlaces(path, mounts))])].sort();
  const folders = [...PRIVATE_FOLDERS, ...real.filter((path) => statSync(path).isDirectory())];
  return real.filter((path) => !folders.some((folder) => path.startsWith(`${folder}/`)));
}

function realPath(path: string): string {
  let real: string;
  try {
    real = realpathSync(path);
  } catch (cause) {
    throw new WrapError('set-up', `Cannot hide ${JSON.stringify(path)}: it cannot be found, expected a file or folder`, { cause });
  }
  if (real === '/') throw new WrapError('set-up', `Cannot hide ${JSON.stringify(path)}: it is the root folder, expected one below`);
  return real;
}
