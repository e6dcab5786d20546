import { BUNDLE_MEMBERS_MAX, type BundleMember } from '#core/verify/bundle-reader.ts';
import { readAt } from './archive-bytes.ts';
import type { ArchiveEnd } from './archive-end.ts';
import { resolveSizes } from './archive-extra.ts';
import { ArchiveFault } from './archive-fault.ts';

/** What the central directory says of one member. */
export type DirectoryEntry = {
  /** As it stands there: a folder's ends in `/`. */
  readonly name: string;
  readonly kind: BundleMember['kind'];
  readonly bytes: number;
  readonly compressed: number;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  /** Where its local header is. */
  readonly offset: number;
};

export const STORED = 0;
const DEFLATED = 8;
/** Sizes and checksum follow the data. */
export const STREAMED = 0x8;
/** How well it was deflated, and that names are UTF-8, which ASCII is. All other bits mean something that is not read here. */
const FLAGS = 0x2 | 0x4 | STREAMED | 0x800;

const SIGNATURE = 0x02014b50;
const HEADER_BYTES = 46;
/** Of a name in a bundle, and of its parts; more are none. */
const NAME_BYTES_MAX = 256;
const PARTS_MAX = 8;
const EXTRA_BYTES_MAX = 1024;

/** Entry by entry, to exactly the directory's end; what it says it has is never reserved. @throws ArchiveFault */
export function readDirectory(fd: number, { directoryStart, directoryBytes, entries }: ArchiveEnd): readonly DirectoryEntry[] {
  if (entries > BUNDLE_MEMBERS_MAX)
    throw new ArchiveFault('too-many', `Cannot read the archive: it has ${entries} members, expected at most ${BUNDLE_MEMBERS_MAX}`);
  const found: DirectoryEntry[] = [];
  const end = directoryStart + directoryBytes;
  let at = directoryStart;
  while (found.length < entries) {
    if (at + HEADER_BYTES > end) throw otherLength(entries);
    const header = readAt(fd, at, HEADER_BYTES);
    const [nameBytes, extraBytes] = [header.readUInt16LE(28), header.readUInt16LE(30)];
    requireHeader(header, nameBytes, extraBytes);
    at += HEADER_BYTES + nameBytes + extraBytes;
    const rest = readAt(fd, at - nameBytes - extraBytes, nameBytes + extraBytes);
    found.push(readEntry(header, rest.subarray(0, nameBytes), rest.subarray(nameBytes)));
  }
  if (at !== end) throw otherLength(entries);
  return found;
}

function otherLength(entries: number): ArchiveFault {
  return new ArchiveFault('ambiguous', `Cannot read the archive: its directory has another length, expected that of ${entries} entries`);
}

/** No comment: it could be taken for the locator of a zip64 end record. */
function requireHeader(header: Buffer, nameBytes: number, extraBytes: number): void {
  if (header.readUInt32LE(0) !== SIGNATURE)
    throw new ArchiveFault('malformed', 'Cannot read the archive: its directory has something else in it, expected entries only');
  if (nameBytes > NAME_BYTES_MAX)
    throw new ArchiveFault('misnamed', `Cannot read the archive: a name in it has ${nameBytes} bytes, expected at most ${NAME_BYTES_MAX}`);
  if (extraBytes > EXTRA_BYTES_MAX || header.readUInt16LE(32) !== 0)
    throw new ArchiveFault(
      'ambiguous',
      `Cannot read the archive: an entry has a comment or ${extraBytes} bytes of extra fields, expected none and at most ${EXTRA_BYTES_MAX}`,
    );
}

/**
 *     0 signature 4 | 4 made by 2 | 6 version 2 | 8 flags 2 | 10 method 2 | 12 time 4 | 16 crc 4 | 20 compressed 4 | 24 bytes 4 |
 *     28 name's 2 | 30 extra's 2 | 32 comment's 2 | 34 disk 2 | 36 internal 2 | 38 external 4 | 42 offset 4 | 46 name, extra (APPNOTE 4.3.12)
 */
function readEntry(header: Buffer, rawName: Buffer, extra: Buffer): DirectoryEntry {
  const name = parseName(rawName);
  const [flags, method] = [header.readUInt16LE(8), header.readUInt16LE(10)];
  if ((flags & ~FLAGS) !== 0 || (method !== STORED && method !== DEFLATED) || header.readUInt16LE(34) !== 0)
    throw new ArchiveFault(
      'unsupported',
      `Cannot read the archive: ${name} has method ${method}, flags ${flags}, disk ${header.readUInt16LE(34)}, expected stored or deflated, not encrypted, on this disk`,
    );
  const sizes = [header.readUInt32LE(24), header.readUInt32LE(20), header.readUInt32LE(42)];
  const [bytes = 0, compressed = 0, offset = 0] = resolveSizes(name, extra, sizes);
  if (method === STORED && compressed !== bytes)
    throw new ArchiveFault('ambiguous', `Cannot read the archive: ${name} is stored and has ${compressed} bytes, expected ${bytes}`);
  const kind = kindOf(name, header.readUInt32LE(38), bytes);
  return { name, kind, bytes, compressed, method, flags, crc: header.readUInt32LE(16), offset };
}

const EXACT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/;

/** Letters of a bundle's names only: no reader can make another path of one, in no encoding and on no system. */
function parseName(raw: Buffer): string {
  const name = raw.toString('latin1');
  if (EXACT.test(name) && name.split('/').length <= PARTS_MAX) return name;
  throw new ArchiveFault('misnamed', `Cannot read the archive: the name ${shown(name)} is in it, expected a path as a bundle has them`);
}

/** For a terminal: latin1 has control characters beyond those that JSON escapes. */
function shown(name: string): string {
  return JSON.stringify(name).replace(/[^ -~]/g, '?');
}

const [FILE_TYPE, REGULAR, FOLDER] = [0o170000, 0o100000, 0o040000];
/** Of the lower half: a volume's name, a folder. */
const DOS_NO_FILE = 0x08 | 0x10;

/** The upper half has a Unix mode, whoever says to have made it: readers differ in whose modes they believe. */
function kindOf(name: string, external: number, bytes: number): BundleMember['kind'] {
  const type = (external >>> 16) & FILE_TYPE;
  if (name.endsWith('/')) return (type === 0 || type === FOLDER) && bytes === 0 ? 'folder' : 'other';
  return (type === 0 || type === REGULAR) && (external & DOS_NO_FILE) === 0 ? 'file' : 'other';
}
