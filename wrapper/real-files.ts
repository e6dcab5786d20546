import { realpathSync } from 'node:fs';
import type { FilesPlan } from './plan.ts';
import { WrapError } from './wrap-error.ts';

/**
 * A plan whose paths are what they say: a mount follows links, and a link could be changed to lead elsewhere.
 *
 * @throws WrapError `set-up` when a path does not exist; or is protected and leads through a link, which nothing could hold.
 */
export function realFiles(files: FilesPlan): FilesPlan {
  const { layersFolder } = files;
  const every = (paths: readonly string[]): readonly string[] => [...new Set(paths.map(realPath))];
  for (const path of files.protected) requireReal(path);
  return {
    writable: every(files.writable),
    layered: every(files.layered),
    layersFolder: layersFolder === null ? null : realPath(layersFolder),
    protected: every(files.protected),
  };
}

function requireReal(path: string): void {
  const real = realPath(path);
  if (real !== path) {
    throw new WrapError(
      'set-up',
      `Cannot protect ${JSON.stringify(path)}: it leads to ${JSON.stringify(real)}, expected no link on the way`,
    );
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new WrapError('set-up', `Cannot plan for ${JSON.stringify(path)}: it cannot be found, expected a file or folder`, { cause });
  }
}
