import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isOptionPath } from './mount-line.ts';
import { isWithin, type Mount, mountOf } from './mount-table.ts';
import { namesIn } from './names-in.ts';
import type { FilesPlan } from './plan.ts';
import { WrapError } from './wrap-error.ts';

/** One layered folder and where its changes are kept. */
export type Layer = {
  /** Real path of the host's folder. */
  readonly path: string;
  /** Below the layers' folder; holds `upper` and `work`. */
  readonly folder: string;
  /** Of the host's folder, octal: an overlay has its upper layer's. */
  readonly mode: string;
};

/** Whether these file systems hold what an overlay writes; another overlay, as in a container, does not. */
const UPPER_TYPES: ReadonlySet<string> = new Set(['bcachefs', 'btrfs', 'ext2', 'ext3', 'ext4', 'f2fs', 'jfs', 'tmpfs', 'xfs', 'zfs']);

export const PROBE_FOLDER = 'probe';
const NAME_DIGITS = 16;
/** In one folder; a home has some dozens. */
const FOLDERS_MAX = 500;

export function layerOf(path: string): Layer {
  const folder = createHash('sha256').update(path).digest('hex').slice(0, NAME_DIGITS);
  return { path, folder, mode: (statSync(path).mode & 0o7777).toString(8) };
}

/**
 * The folders that an overlay can lie on in a user namespace: none in which the host has mounted something, since nothing
 * there may show what is under it. Of such a one the folders in it, as they are now; itself it stays read-only.
 *
 * @throws WrapError `set-up` when they are too many.
 */
export function overlaidFolders({ layered, writable }: FilesPlan, hostMounts: readonly Mount[]): readonly string[] {
  const named = new Set([...layered, ...writable, ...hostMounts.map(({ point }) => point)]);
  return [...new Set(layered.flatMap((path) => foldersWithout(path, named, hostMounts)))];
}

function foldersWithout(path: string, named: ReadonlySet<string>, hostMounts: readonly Mount[]): readonly string[] {
  if (!hostMounts.some(({ point }) => point !== path && isWithin(point, path))) return [path];
  const inside = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory() && isOptionPath(entry.name));
  if (inside.length > FOLDERS_MAX) {
    throw new WrapError(
      'set-up',
      `Cannot write aside in ${path}: it has mounts and ${inside.length} folders in it, expected ${FOLDERS_MAX} at most`,
    );
  }
  return inside
    .map(({ name }) => join(path, name))
    .filter((folder) => !named.has(folder))
    .flatMap((folder) => foldersWithout(folder, named, hostMounts));
}

export function canKeepLayers(layersFolder: string, hostMounts: readonly Mount[]): boolean {
  return UPPER_TYPES.has(mountOf(layersFolder, hostMounts)?.type ?? '');
}

/** Makes the folders that are missing; what an earlier cage of the job has written stays. */
export function makeLayerFolders(layersFolder: string, layers: readonly Layer[]): void {
  for (const { folder, mode } of [{ folder: PROBE_FOLDER, mode: '700' }, ...layers]) {
    const own = join(layersFolder, folder);
    mkdirSync(join(own, 'work'), { recursive: true, mode: 0o700 });
    const upper = join(own, 'upper');
    if (mkdirSync(upper, { recursive: true }) !== undefined) chmodSync(upper, Number.parseInt(mode, 8));
  }
}

/**
 * Takes away what the kernel leaves in the work folders, closed to everybody: whoever empties the layers' folder in the end
 * could not. It is of no use: the next mount makes it anew.
 *
 * @param asRoot removes paths that are root's, as they are where the superuser has mounted.
 */
export function sweepWorkFolders(layersFolder: string, layers: readonly Layer[], asRoot: (paths: readonly string[]) => void): void {
  const works = [PROBE_FOLDER, ...layers.map(({ folder }) => folder)].map((folder) => join(layersFolder, folder, 'work'));
  const left = works.flatMap((work) => namesIn(work).map((name) => join(work, name))).filter((path) => !removeOwn(path));
  if (left.length > 0) asRoot(left);
}

function removeOwn(path: string): boolean {
  try {
    // Who holds an empty folder may remove it, whosever it is.
    rmdirSync(path);
    return true;
  } catch {
    return removeWhole(path);
  }
}

function removeWhole(path: string): boolean {
  try {
    if (lstatSync(path).isDirectory()) chmodSync(path, 0o700);
    rmSync(path, { recursive: true });
    return true;
  } catch {
    return false;
  }
}
