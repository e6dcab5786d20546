import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { BUNDLE_MEMBERS_MAX, type BundleMember, type BundleReader } from '#core/verify/bundle-reader.ts';

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

const READ_BYTES = 1024 * 1024;
const DEPTH_MAX = 4;

export type BundleFolder = BundleReader & { close(): void };

/** Reads a bundle from a folder, wherever it came from: no link in it is followed, and only regular files are read. */
export function openBundleFolder(path: string): BundleFolder {
  const fd = openSync(path, O_RDONLY | O_DIRECTORY);
  const root = `/proc/self/fd/${fd}`;
  return {
    members: async () => list(root),
    read: (member, bytes) => readFile(`${root}/${member}`, bytes),
    close: () => closeSync(fd),
  };
}

/** Sorted by path, so that in a bundle still being written the audit is measured before the recordings it names. */
function list(root: string): readonly BundleMember[] {
  const members: BundleMember[] = [];
  const visit = (below: string, depth: number): void => {
    for (const name of readdirSync(`${root}/${below}`).sort()) {
      if (members.length > BUNDLE_MEMBERS_MAX) return;
      const member = describe(root, below === '' ? name : `${below}/${name}`);
      members.push(member);
      if (member.kind === 'folder' && depth < DEPTH_MAX) visit(member.path, depth + 1);
    }
  };
  visit('', 1);
  return members;
}

function describe(root: string, path: string): BundleMember {
  const stat = lstatSync(`${root}/${path}`);
  return { path, kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other', bytes: stat.isFile() ? stat.size : 0 };
}

/** Pieces share one buffer: each is only good until the next is asked for. */
async function* readFile(path: string, bytes: number): AsyncGenerator<Uint8Array> {
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK); // non-blocking: a pipe put in its place must not hold us
  try {
    if (!fstatSync(fd).isFile()) throw new Error('Cannot read a file of the bundle: it became something else, expected a regular file');
    const piece = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(bytes, 1)));
    for (let left = bytes; left > 0; ) {
      const read = readSync(fd, piece, 0, Math.min(piece.length, left), null);
      if (read === 0) return;
      left -= read;
      yield piece.subarray(0, read);
    }
  } finally {
    closeSync(fd);
  }
}
