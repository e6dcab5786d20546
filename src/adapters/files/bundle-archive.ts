import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { BundleMember, BundleReader } from '#core/verify/bundle-reader.ts';
import { readStored, type Stored } from './archive-content.ts';
import { readDirectory } from './archive-directory.ts';
import { readEnd } from './archive-end.ts';
import { ArchiveFault } from './archive-fault.ts';
import { requireDistinct } from './archive-names.ts';
import { locate } from './archive-places.ts';

const { O_NONBLOCK, O_RDONLY } = constants;

/** How a zip file begins: with a file, or, if it has none, with its end. */
const BEGINNINGS: readonly number[] = [0x04034b50, 0x06054b50];

export type BundleArchive = BundleReader & { close(): void };

/** Whether it begins as a zip file does. What is in it, opening tells. */
export function isArchive(path: string): boolean {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK);
  try {
    const head = Buffer.alloc(4);
    return fstatSync(fd).isFile() && readSync(fd, head, 0, 4, 0) === 4 && BEGINNINGS.includes(head.readUInt32LE(0));
  } finally {
    closeSync(fd);
  }
}

/**
 * Reads a bundle from the zip file that GitHub gives for an artifact. Every byte of it is hostile: two readers must not see two
 * archives, so it is refused where its parts disagree, overlap or leave room (PKWARE APPNOTE.TXT 6.3.10). The file is its entries
 * from the first byte on, its directory and its end record: nothing before, between or behind, and no comment.
 * Everything in one folder counts as in none. @throws ArchiveFault
 */
export async function openBundleArchive(path: string): Promise<BundleArchive> {
  const fd = openFile(path);
  try {
    const { members, files } = inOneFolder(list(fd));
    return {
      members: async () => members,
      read(name, bytes) {
        const stored = files.get(name);
        if (stored === undefined) throw new ArchiveFault('missing', `Cannot read ${name}: the archive has no such file, expected one`);
        return readStored(fd, stored, bytes);
      },
      close: () => closeSync(fd),
    };
  } catch (cause) {
    closeSync(fd);
    throw cause instanceof ArchiveFault ? cause : unreadable(cause);
  }
}

function openFile(path: string): number {
  let fd: number;
  try {
    fd = openSync(path, O_RDONLY | O_NONBLOCK); // non-blocking: a pipe must not hold us
  } catch (cause) {
    throw unreadable(cause);
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new ArchiveFault('unreadable', 'Cannot read the archive: it is a folder or a special file, expected a regular file');
}

function unreadable(cause: unknown): ArchiveFault {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed';
  return new ArchiveFault('unreadable', `Cannot read the archive: ${code}, expected a file that can be read`, { cause });
}

type Listing = { readonly members: readonly BundleMember[]; readonly files: ReadonlyMap<string, Stored> };

function list(fd: number): Listing {
  const end = readEnd(fd);
  const entries = readDirectory(fd, end);
  requireDistinct(entries);
  const starts = locate(fd, entries, end.directoryStart);
  const files = new Map<string, Stored>();
  for (const entry of entries) {
    const start = starts.get(entry);
    if (entry.kind === 'file' && start !== undefined) files.set(entry.name, { ...entry, start });
  }
  return { members: entries.map(({ name, kind, bytes }) => ({ path: name.replace(/\/$/, ''), kind, bytes })), files };
}

function inOneFolder({ members, files }: Listing): Listing {
  const [first = ''] = (members[0]?.path ?? '').split('/');
  const folder = `${first}/`;
  const isOne = members.length > 0 && members.every(({ path, kind }) => path.startsWith(folder) || (path === first && kind === 'folder'));
  // `recordings/` alone is a bundle's own.
  if (!isOne || first === 'recordings') return { members, files };
  return {
    members: members.filter(({ path }) => path !== first).map((member) => ({ ...member, path: member.path.slice(folder.length) })),
    files: new Map([...files].map(([path, stored]) => [path.slice(folder.length), stored])),
  };
}
