import { fstatSync, readSync } from 'node:fs';

export type ArchiveFaultCode =
  | 'not-an-archive'
  | 'malformed'
  | 'misnamed'
  | 'ambiguous'
  | 'overlap'
  | 'hidden'
  | 'unsupported'
  | 'too-many'
  | 'content'
  | 'missing';

/** A zip file that is none, or that two readers could read as two. */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault';
  readonly code: ArchiveFaultCode;
  constructor(code: ArchiveFaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const [END, END64, LOCATOR64] = [0x06054b50, 0x06064b50, 0x07064b50];
const [END_BYTES, END64_BYTES, LOCATOR_BYTES] = [22, 56, 20];
const [MARK16, MARK32] = [0xffff, 0xffff_ffff];

/**
 * The end record of a zip file, at its very end and without a comment: a comment could hold another one. The directory ends where
 * it begins (APPNOTE 4.3.16; 4.3.14 and 4.3.15 for zip64). @throws ArchiveFault
 */
export function readEnd(fd: number): ArchiveEnd {
  const { size } = fstatSync(fd);
  const end = readAt(fd, size - END_BYTES, END_BYTES);
  if (end.readUInt32LE(0) !== END || end.readUInt16LE(20) !== 0)
    throw new ArchiveFault(
      'not-an-archive',
      'Cannot read the archive: it does not end as a zip file does, expected its end record last, without a comment',
    );
  const [entries, bytes, start] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
  const isLarge = entries === MARK16 || bytes === MARK32 || start === MARK32;
  const found = isLarge ? readEnd64(fd, size) : { entries, bytes, start, at: size - END_BYTES, disks: end.readUInt32LE(4) };
  if (found.disks !== 0) throw new ArchiveFault('unsupported', 'Cannot read the archive: it is one of several, expected a whole one');
  if (found.start + found.bytes !== found.at)
    throw new ArchiveFault('ambiguous', 'Cannot read the archive: its directory is not where its end is');
  return { directoryStart: found.start, directoryBytes: found.bytes, entries: found.entries };
}

export type ArchiveEnd = { readonly directoryStart: number; readonly directoryBytes: number; readonly entries: number };

function readEnd64(fd: number, size: number) {
  const locator = readAt(fd, size - END_BYTES - LOCATOR_BYTES, LOCATOR_BYTES);
  const at = size - END_BYTES - LOCATOR_BYTES - END64_BYTES;
  const end = readAt(fd, at, END64_BYTES);
  const isWhole =
    locator.readUInt32LE(0) === LOCATOR64 &&
    end.readUInt32LE(0) === END64 &&
    exact(locator, 8) === at &&
    exact(end, 4) === END64_BYTES - 12;
  if (!isWhole) throw new ArchiveFault('malformed', 'Cannot read the archive: its zip64 end record is not where it should be');
  return { entries: exact(end, 32), bytes: exact(end, 40), start: exact(end, 48), at, disks: end.readUInt32LE(16) + end.readUInt32LE(20) };
}

function exact(bytes: Buffer, offset: number): number {
  const value = Number(bytes.readBigUInt64LE(offset));
  if (Number.isSafeInteger(value)) return value;
  throw new ArchiveFault('malformed', 'Cannot read the archive: a size in it is absurd');
}

function readAt(fd: number, position: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (position < 0 || readSync(fd, buffer, 0, bytes, position) !== bytes)
    throw new ArchiveFault('not-an-archive', 'Cannot read the archive: it is too short to be a zip file');
  return buffer;
}
