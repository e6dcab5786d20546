import { readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';

/** A mount as `/proc/self/mountinfo` has it: `device` is the file system, `root` the folder of it that is seen at `point`. */
export type MountPlace = { readonly device: string; readonly root: string; readonly point: string };

const OCTAL_ESCAPE = /\\([0-7]{3})/g;

/**
 * Where else the same file or folder is seen: a mount covers one place, and a file system may be mounted at several.
 *
 * @param path absolute, real, existing; @param mounts of the whole namespace, in its order.
 * @returns absolute paths without `path` itself. Mounts of something inside `path` are among them.
 */
export function otherPlaces(path: string, mounts: readonly MountPlace[] = readMounts()): readonly string[] {
  const own = mounts.reduce<MountPlace | null>((best, mount) => (isNearer(mount, best, path) ? mount : best), null);
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

export function parseMounts(text: string): readonly MountPlace[] {
  return text.split('\n').flatMap((line) => {
    const [, , device, root, point] = line.split(' ');
    return device === undefined || root === undefined || point === undefined ? [] : [{ device, root: unescape(root), point: unescape(point) }];
  });
}

function readMounts(): readonly MountPlace[] {
  return parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** proc(5): space, tab, newline and backslash are written in octal, byte for byte. */
function unescape(text: string): string {
  return text.replace(OCTAL_ESCAPE, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** Of two at one point, the later one lies on top. */
function isNearer({ point }: MountPlace, best: MountPlace | null, path: string): boolean {
  return isWithin(path, point) && (best === null || point.length >= best.point.length);
}

function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
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
