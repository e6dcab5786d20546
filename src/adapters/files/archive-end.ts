import { fstatSync } from 'node:fs';
import { readAt, readU64 } from './archive-bytes.ts';
import { ArchiveFault } from './archive-fault.ts';

const [END, END64, LOCATOR64] = [0x06054b50, 0x06064b50, 0x07064b50];
const [END_BYTES, END64_BYTES, LOCATOR_BYTES] = [22, 56, 20];
const [MARK16, MARK32] = [0xffff, 0xffff_ffff];

/** Where the central directory is, and how many entries it says it has. It reaches to the end records. */
export type ArchiveEnd = { readonly directoryStart: number; readonly directoryBytes: number; readonly entries: number };

type End = ArchiveEnd & { readonly at: number };

/**
 * The end record of a zip file, at its very end and without a comment: a comment could hold another one. The directory ends where
 * it begins (APPNOTE 4.3.16; 4.3.14 and 4.3.15 for zip64). @throws ArchiveFault
 *
 *     0 signature 4 | 4 this disk 2 | 6 directory's disk 2 | 8 entries here 2 | 10 entries 2 | 12 bytes 4 | 16 start 4 | 20 comment 2
 */
export function readEnd(fd: number): ArchiveEnd {
  const { size } = fstatSync(fd);
  const record = size < END_BYTES ? Buffer.alloc(END_BYTES) : readAt(fd, size - END_BYTES, END_BYTES);
  if (record.readUInt32LE(0) !== END || record.readUInt16LE(20) !== 0)
    throw new ArchiveFault(
      'not-an-archive',
      'Cannot read the archive: it does not end as a zip file does, expected its end record last, without a comment',
    );
  if (record.readUInt32LE(4) !== 0) throw severalDisks();
  const small: End = {
    directoryStart: record.readUInt32LE(16),
    directoryBytes: record.readUInt32LE(12),
    entries: record.readUInt16LE(10),
    at: size - END_BYTES,
  };
  if (record.readUInt16LE(8) !== small.entries) throw severalDisks();
  const { at, ...end } = readEnd64(fd, small) ?? small;
  if (end.directoryStart + end.directoryBytes !== at)
    throw new ArchiveFault(
      'ambiguous',
      `Cannot read the archive: its directory ends at ${end.directoryStart + end.directoryBytes}, expected ${at}, where its end record is`,
    );
  return end;
}

/**
 * The zip64 end record counts exactly if its locator is there. Some readers look for that first, others for the marks in the small
 * record: the two must say the same. Null for an archive without.
 *
 *     record:  0 signature 4 | 4 bytes after this 8 | 12 versions 4 | 16 this disk 4 | 20 directory's disk 4 | 24 entries here 8 |
 *              32 entries 8 | 40 bytes 8 | 48 start 8
 *     locator: 0 signature 4 | 4 record's disk 4 | 8 record's start 8 | 16 disks 4
 */
function readEnd64(fd: number, small: End): End | null {
  const isMarked = small.entries === MARK16 || small.directoryBytes === MARK32 || small.directoryStart === MARK32;
  const at = small.at - LOCATOR_BYTES - END64_BYTES;
  const locator = small.at < LOCATOR_BYTES ? null : readAt(fd, small.at - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator === null || locator.readUInt32LE(0) !== LOCATOR64) {
    if (isMarked) throw misplaced();
    return null;
  }
  if (at < 0 || readU64(locator, 8) !== at) throw misplaced();
  const record = readAt(fd, at, END64_BYTES);
  if (record.readUInt32LE(0) !== END64 || readU64(record, 4) !== END64_BYTES - 12) throw misplaced();
  const disks = [locator.readUInt32LE(4), record.readUInt32LE(16), record.readUInt32LE(20)];
  const end = { directoryStart: readU64(record, 48), directoryBytes: readU64(record, 40), entries: readU64(record, 32), at };
  if (disks.some((disk) => disk !== 0) || locator.readUInt32LE(16) > 1 || readU64(record, 24) !== end.entries) throw severalDisks();
  const isSame =
    isMarkOr(small.entries, MARK16, end.entries) &&
    isMarkOr(small.directoryBytes, MARK32, end.directoryBytes) &&
    isMarkOr(small.directoryStart, MARK32, end.directoryStart);
  if (!isSame) throw new ArchiveFault('ambiguous', 'Cannot read the archive: its two end records differ, expected them to say the same');
  return end;
}

const isMarkOr = (value: number, mark: number, exact: number): boolean => value === mark || value === exact;

function misplaced(): ArchiveFault {
  return new ArchiveFault('malformed', 'Cannot read the archive: its zip64 end record is not where it should be, expected it last but two');
}

function severalDisks(): ArchiveFault {
  return new ArchiveFault('unsupported', 'Cannot read the archive: it is one of several disks, expected a whole one');
}
