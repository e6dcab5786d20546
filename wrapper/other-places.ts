import { statSync } from 'node:fs';
import { posix } from 'node:path';
import { isWithin, type Mount, mountOf } from './mount-table.ts';

/** What of a mount says which part of which file system is seen where. */
export type MountPlace = Pick<Mount, 'device' | 'root' | 'point'>;

/**
 * Where else the same file or folder is seen: a mount covers one place, and a file system may be mounted at several.
 *
 * @param path absolute, real, existing; @param mounts of the whole namespace, in its order.
 * @returns absolute paths without `path` itself. Mounts of something inside `path` are among them.
 */
export function otherPlaces(path: string, mounts: readonly MountPlace[]): readonly string[] {
  const own = mountOf(path, mounts);
  if (own === null) return [];
  const inside = posix.join(own.root, posix.relative(own.point, path));
  const places = mounts
    .filter(({ device }) => device === own.device)
    .flatMap(({ root, point }) => {
      if (isWithin(inside, root)) return [posix.join(point, posix.relative(root, inside))].filter((place) => isSame(place, path));
      return isWithin(root, inside) ? [point].filter((place) => isSame(place, posix.join(path, posix.relative(inside, root)))) : [];
    });
  return [...new Set(places)].filter((place) => !isWithin(place, path));
}

/** Not where something else is mounted over it, or where it cannot be reached anyway. */
function isSame(one: string, other: string): boolean {
  try {
    const [a, b] = [statSync(one, { bigint: true }), statSync(other, { bigint: true })];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}
