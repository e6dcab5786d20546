import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** No link is followed, nothing but a file is opened, and no FIFO is waited for. */
export function openRegular(path: string, flags: number): number | null {
  let fd: number;
  try {
    fd = openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return null;
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  return null;
}

/** From the file's beginning; what is there of so many bytes. */
export function readUpTo(fd: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(fd, bytes, filled, length - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** Where the descriptor stands. */
export function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

export type PutOptions = {
  /** On the same file system, and nobody inside reaches it. */
  readonly aside: string;
  /** Of what is there: it is left as it is. */
  readonly mayStay: (found: Stats) => boolean;
};

/**
 * Writes a file where somebody inside may write, too: what is there goes out of the reach of names inside first.
 *
 * @throws when somebody inside is faster, time and again.
 */
export function putRegular(path: string, bytes: Buffer, { aside, mayStay }: PutOptions): void {
  for (let attempt = 1; ; attempt++) {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found !== undefined && mayStay(found)) return;
    if (found !== undefined) setAside(path, asideName(aside));
    try {
      return writeFileSync(path, bytes, { flag: 'wx', mode: 0o644 });
    } catch (error) {
      if (attempt === PUT_ATTEMPTS_MAX) throw error;
    }
  }
}

const PUT_ATTEMPTS_MAX = 100;
const NAME_BYTES = 16;

/** A path in this folder that nothing has. */
export function asideName(folder: string): string {
  return join(folder, randomBytes(NAME_BYTES).toString('hex'));
}

function setAside(path: string, aside: string): void {
  renameSync(path, aside);
  discard(aside);
}

/** No folder is emptied here: somebody inside may still have it open, and lead us elsewhere. It goes with the job's folder. */
export function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is a folder, or was never there.
  }
}
