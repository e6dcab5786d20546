import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** One mount, as proc(5) has it in mountinfo. */
export type Mount = {
  readonly id: string;
  readonly parent: string;
  /** Of the file system, `major:minor`. */
  readonly device: string;
  /** The folder of the file system that is seen at `point`. */
  readonly root: string;
  readonly point: string;
  /** Of this mount, not of its file system. */
  readonly options: readonly string[];
  readonly type: string;
};

const OCTAL_ESCAPE = /\\([0-7]{3})/g;

/** The mounts of our own namespace, in its order. */
export function readMountTable(): readonly Mount[] {
  return parseMountTable(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** Lines that are none of its own are left out: the kernel wrote it. */
export function parseMountTable(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [own = '', fileSystem = ''] = line.split(' - ');
    const [id, parent, device, root, point, options] = own.split(' ');
    const [type = ''] = fileSystem.split(' ');
    if (id === undefined || parent === undefined || device === undefined || root === undefined || point === undefined) return [];
    return [{ id, parent, device, root: unescaped(root), point: unescaped(point), options: (options ?? '').split(','), type }];
  });
}

/**
 * Those that a path can lead to: neither they nor a mount they hang on lie under another one. A mount on the root itself
 * covers nothing: a process's paths begin below it.
 */
export function visibleMounts(mounts: readonly Mount[]): readonly Mount[] {
  const byId = new Map(mounts.map((mount) => [mount.id, mount]));
  const isOnRoot = ({ parent, point }: Mount): boolean => byId.get(parent)?.point === point && !byId.has(byId.get(parent)?.parent ?? '');
  const taken = new Set(mounts.filter((mount) => !isOnRoot(mount)).map(({ parent, point }) => `${parent} ${point}`));
  const known = new Map<Mount, boolean>();
  const isReached = (mount: Mount): boolean => {
    const before = known.get(mount);
    if (before !== undefined) return before;
    // The kernel makes no ring of them; one that is there anyway is not followed for ever.
    known.set(mount, false);
    const parent = byId.get(mount.parent);
    const reached =
      parent === undefined ||
      parent === mount ||
      (isReached(parent) && !foldersAbove(mount.point, parent.point).some((folder) => taken.has(`${parent.id} ${folder}`)));
    known.set(mount, reached);
    return reached;
  };
  return mounts.filter((mount) => isReached(mount) && !taken.has(`${mount.id} ${mount.point}`));
}

/** The mount that a path leads into: of two at one point, the later one lies on top. */
export function mountOf<M extends { readonly point: string }>(path: string, mounts: readonly M[]): M | null {
  return mounts.reduce<M | null>(
    (best, mount) => (isWithin(path, mount.point) && (best === null || mount.point.length >= best.point.length) ? mount : best),
    null,
  );
}

/** Whether the path is that folder or below it; both absolute and without `.` and `..`. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/** From the folder that holds `path` up to `top` itself. */
export function foldersAbove(path: string, top: string): readonly string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf('/'); end >= 0 && path !== '/'; end = path.lastIndexOf('/', end - 1)) {
    const folder = end === 0 ? '/' : path.slice(0, end);
    if (!isWithin(folder, top)) break;
    folders.push(folder);
    if (end === 0) break;
  }
  return folders;
}

/** proc(5): space, tab, newline and backslash are written in octal. */
function unescaped(text: string): string {
  return text.replace(OCTAL_ESCAPE, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** Which part of which file system a path shows. */
export function partOf(mount: Mount | null, path: string): { device: string; root: string } | null {
  return mount === null ? null : { device: mount.device, root: posix.join(mount.root, posix.relative(mount.point, path)) };
}
