import { readAt, readU64 } from './archive-bytes.ts';
import { type DirectoryEntry, STREAMED } from './archive-directory.ts';
import { resolveSizes } from './archive-extra.ts';
import { ArchiveFault } from './archive-fault.ts';

const SIGNATURE = 0x04034b50;
const HEADER_BYTES = 30;
const DESCRIPTOR = 0x08074b50;

/**
 * Where the data of each entry begins. INVARIANT (P6): every byte before the directory belongs to exactly one entry, and what stands
 * there says the same as the directory. Whoever reads front to back, or the directory only, sees the same files; nothing is under
 * two names (a zip bomb), nothing is hidden before, between or behind. @throws ArchiveFault
 */
export function locate(fd: number, entries: readonly DirectoryEntry[], directoryStart: number): ReadonlyMap<DirectoryEntry, number> {
  const sorted = [...entries].sort((a, b) => a.offset - b.offset);
  const starts = new Map<DirectoryEntry, number>();
  if ((sorted[0]?.offset ?? directoryStart) !== 0)
    throw new ArchiveFault('hidden', 'Cannot read the archive: it has something before its first file, expected it at 0');
  const last = sorted.at(-1);
  if (last !== undefined && last.offset >= directoryStart)
    throw new ArchiveFault('overlap', `Cannot read the archive: ${last.name} is at ${last.offset}, expected it before the directory`);
  sorted.forEach((entry, index) => {
    const until = sorted[index + 1]?.offset ?? directoryStart;
    const start = dataStart(fd, entry);
    const rest = until - start - entry.compressed;
    if (rest < 0)
      throw new ArchiveFault('overlap', `Cannot read the archive: ${entry.name} reaches ${-rest} bytes into what follows, expected none`);
    requireRest(fd, entry, until - rest, rest);
    starts.set(entry, start);
  });
  return starts;
}

/**
 *     0 signature 4 | 4 version 2 | 6 flags 2 | 8 method 2 | 10 time 4 | 14 crc 4 | 18 compressed 4 | 22 bytes 4 | 26 name's 2 |
 *     28 extra's 2 | 30 name, extra (APPNOTE 4.3.7)
 */
function dataStart(fd: number, entry: DirectoryEntry): number {
  const { offset, name } = entry;
  const header = readAt(fd, offset, HEADER_BYTES);
  if (header.readUInt32LE(0) !== SIGNATURE)
    throw new ArchiveFault('malformed', `Cannot read the archive: ${name} is not at ${offset}, expected its header there`);
  const [nameBytes, extraBytes] = [header.readUInt16LE(26), header.readUInt16LE(28)];
  const start = offset + HEADER_BYTES + nameBytes + extraBytes;
  const rest = readAt(fd, offset + HEADER_BYTES, nameBytes + extraBytes);
  const found = { name: rest.subarray(0, nameBytes).toString('latin1'), flags: header.readUInt16LE(6), method: header.readUInt16LE(8) };
  const isSame = found.name === name && found.flags === entry.flags && found.method === entry.method;
  if (!isSame || !hasSizes(entry, header, rest.subarray(nameBytes)))
    throw new ArchiveFault(
      'ambiguous',
      `Cannot read the archive: ${name} says of itself something else than the directory, expected the same`,
    );
  return start;
}

/** A streamed file has zeros here where the writer did not know yet (4.4.4). */
function hasSizes(entry: DirectoryEntry, header: Buffer, extra: Buffer): boolean {
  const sizes = resolveSizes(entry.name, extra, [header.readUInt32LE(22), header.readUInt32LE(18)]);
  const isStreamed = (entry.flags & STREAMED) !== 0;
  const expected = [entry.bytes, entry.compressed, entry.crc];
  return [...sizes, header.readUInt32LE(14)].every((value, index) => value === expected[index] || (isStreamed && value === 0));
}

/** Nothing; behind a streamed file its checksum and sizes, of 4 or 8 bytes, with a signature or without (4.3.9). */
function requireRest(fd: number, entry: DirectoryEntry, at: number, rest: number): void {
  const { name, flags } = entry;
  if ((flags & STREAMED) === 0) {
    if (rest === 0) return;
    throw new ArchiveFault('hidden', `Cannot read the archive: ${rest} bytes behind ${name} belong to nothing, expected none`);
  }
  if (rest !== 12 && rest !== 16 && rest !== 20 && rest !== 24)
    throw new ArchiveFault('hidden', `Cannot read the archive: ${rest} bytes are behind ${name}, expected its checksum and sizes`);
  const found = readAt(fd, at, rest);
  const isSigned = rest % 8 === 0;
  const isLarge = rest >= 20;
  const record = isSigned ? found.subarray(4) : found;
  const sizes = isLarge ? [readU64(record, 4), readU64(record, 12)] : [record.readUInt32LE(4), record.readUInt32LE(8)];
  const isSame = record.readUInt32LE(0) === entry.crc && sizes[0] === entry.compressed && sizes[1] === entry.bytes;
  if (!isSame || (isSigned && found.readUInt32LE(0) !== DESCRIPTOR))
    throw new ArchiveFault(
      'ambiguous',
      `Cannot read the archive: what is behind ${name} is not what the directory says, expected the same`,
    );
}
