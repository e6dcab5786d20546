import { readSync } from 'node:fs';
import { ArchiveFault } from './archive-fault.ts';

/** All of those bytes. @throws ArchiveFault when the file has not as many there */
export function readAt(fd: number, position: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  let done = 0;
  while (done < bytes) {
    const read = position < 0 ? 0 : readSync(fd, buffer, done, bytes - done, position + done);
    if (read === 0)
      throw new ArchiveFault('malformed', `Cannot read the archive: it has no ${bytes} bytes at ${position}, expected a record there`);
    done += read;
  }
  return buffer;
}

/** A number of eight bytes. One that a double cannot hold is no size of anything. @throws ArchiveFault */
export function readU64(bytes: Buffer, offset: number): number {
  const value = bytes.readBigUInt64LE(offset);
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw new ArchiveFault('malformed', `Cannot read the archive: a size in it is ${value}, expected less than 2^53`);
}
