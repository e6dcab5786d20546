import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { foldersAbove, isWithin } from './mount-table.ts';

/** What decides whether a connect gets through to a socket's file. */
export type SocketReach = {
  /** The cage's own places, where no file of the host's is. */
  readonly privateFolders: readonly string[];
  /** Below an overlay no connect gets through. */
  readonly overlays: readonly string[];
  /** The host's own folders that may lie inside one. */
  readonly direct: readonly string[];
  /** Never to be hidden, nor anything above. */
  readonly kept: readonly string[];
};

/** Of a machine with many services some dozens; what is beyond is a listing gone wrong. */
const SOCKETS_MAX = 10_000;
const FOLDER_ENTRIES_MAX = 100;

/**
 * What to hide because programs outside listen there (R19): a path socket works through mounts that are read-only, and in
 * any network namespace, and whoever listens (a terminal multiplexer, an agent with keys) acts outside for who asks.
 *
 * A folder of nothing but sockets is hidden whole: a socket's own file made anew outside would show again.
 */
export function socketsToHide(paths: readonly string[], reach: SocketReach): readonly string[] {
  const reached = paths.filter((path) => isReached(path, reach) && isSocket(path));
  const kept = new Set(['/', ...reach.kept, ...reach.overlays, ...reach.direct]);
  const above = new Set([...kept].flatMap((path) => foldersAbove(path, '/')));
  return [
    ...new Set(
      reached.map((path) => {
        const folder = dirname(path);
        return !kept.has(folder) && !above.has(folder) && hasOnlySockets(folder) ? folder : path;
      }),
    ),
  ];
}

/** Absolute paths that sockets of our own network namespace were bound to; a relative one cannot be found. */
export function boundSockets(table: string = readFileSync('/proc/net/unix', 'utf8')): readonly string[] {
  // Num RefCount Protocol Flags Type St Inode Path, the path to the line's end; `@` begins an abstract one.
  const paths = table.split('\n').flatMap((line) => {
    const path = /^[0-9a-f]+: (?:\S+ +){5}\S+ (\/.*)$/.exec(line)?.[1];
    return path === undefined ? [] : [path];
  });
  return [...new Set(paths)].slice(0, SOCKETS_MAX);
}

function isReached(path: string, { privateFolders, overlays, direct }: SocketReach): boolean {
  const deepest = (folders: readonly string[]): number =>
    Math.max(-1, ...folders.filter((folder) => isWithin(path, folder)).map(({ length }) => length));
  return !privateFolders.some((folder) => isWithin(path, folder)) && deepest(overlays) <= deepest(direct);
}

function isSocket(path: string): boolean {
  try {
    return lstatSync(path).isSocket();
  } catch {
    return false;
  }
}

function hasOnlySockets(folder: string): boolean {
  try {
    const names = readdirSync(folder);
    return names.length <= FOLDER_ENTRIES_MAX && names.every((name) => isSocket(join(folder, name)));
  } catch {
    return false;
  }
}
