import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl';
import { BUNDLE_MEMBERS_MAX, type BundleMember, type BundleReader } from '#core/verify/bundle-reader.ts';
import { type ArchiveEnd, ArchiveFault, readEnd } from './archive-end.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

const PIECE_BYTES = 256 * 1024;
/** Of a name in a bundle; longer ones are none. */
const NAME_BYTES_MAX = 256;
const [STORED, DEFLATED] = [0, 8];

export type BundleArchive = BundleReader & { close(): void };

/** A file of the archive: where its bytes are. */
type Stored = {
  readonly bytes: number;
  readonly start: number;
  readonly compressed: number;
  readonly method: number;
  readonly crc: number;
};

/** Whether it begins as a zip file does. What is in it, opening tells. */
export function isArchive(path: string): boolean {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK);
  try {
    const head = Buffer.alloc(4);
    return fstatSync(fd).isFile() && readSync(fd, head, 0, 4, 0) === 4 && head.readUInt32LE(0) === LOCAL_HEADER;
  } finally {
    closeSync(fd);
  }
}

const LOCAL_HEADER = 0x04034b50;

/**
 * Reads a bundle from the zip file that GitHub gives for an artifact. Every byte of it is hostile: two readers must not see two
 * archives, so it is refused where its parts disagree, overlap or leave room (PKWARE APPNOTE.TXT 6.3.10).
 * Everything in one folder counts as in none. @throws ArchiveFault
 */
export async function openBundleArchive(path: string): Promise<BundleArchive> {
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const end = readEnd(fd);
    const { members, files } = inOneFolder(await list(fd, end));
    return {
      members: async () => members,
      read(name, bytes) {
        const stored = files.get(name);
        if (stored === undefined) throw new ArchiveFault('missing', `Cannot read ${name}: it is no file of the archive`);
        return readStored(fd, name, stored, bytes);
      },
      close: () => closeSync(fd),
    };
  } catch (cause) {
    closeSync(fd);
    if (cause instanceof ArchiveFault) throw cause;
    throw new ArchiveFault('malformed', `Cannot read the archive: ${cause instanceof Error ? cause.message : 'it is malformed'}`, {
      cause,
    });
  }
}

type Listing = { readonly members: readonly BundleMember[]; readonly files: ReadonlyMap<string, Stored> };

async function list(fd: number, { directoryStart, directoryBytes, entries }: ArchiveEnd): Promise<Listing> {
  if (entries > BUNDLE_MEMBERS_MAX)
    throw new ArchiveFault('too-many', `Cannot read the archive: it has ${entries} members, expected at most ${BUNDLE_MEMBERS_MAX}`);
  const zip = await fromFdPromise(fd, { lazyEntries: true, autoClose: false, decodeStrings: false, strictFileNames: true });
  const members: BundleMember[] = [];
  const files = new Map<string, Stored>();
  const spans: { readonly from: number; readonly to: number }[] = [];
  let listed = 0;
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    listed += DIRECTORY_ENTRY_BYTES + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    const start = await dataStart(zip, entry);
    spans.push({ from: entry.relativeOffsetOfLocalHeader, to: start + entry.compressedSize });
    const member = { path: name.replace(/\/$/, ''), kind: kindOf(entry, name), bytes: entry.uncompressedSize };
    if (members.length >= BUNDLE_MEMBERS_MAX)
      throw new ArchiveFault('too-many', 'Cannot read the archive: it has more members than it says');
    members.push(member);
    if (member.kind !== 'file') continue;
    const { compressedSize: compressed, compressionMethod: method, crc32: crc } = entry;
    if (files.has(name)) throw new ArchiveFault('ambiguous', `Cannot read the archive: it has two files ${name}`);
    files.set(name, { bytes: entry.uncompressedSize, start, compressed, method, crc });
  }
  if (listed !== directoryBytes)
    throw new ArchiveFault('ambiguous', 'Cannot read the archive: its directory has another length than its entries');
  requireDisjoint(spans, directoryStart);
  return { members, files };
}

const DIRECTORY_ENTRY_BYTES = 46;

/** Exact paths only: no reader can make another file of one. */
function nameOf({ fileNameRaw, fileNameLength, extraFields }: Entry): string {
  const name = fileNameRaw.toString('latin1');
  const isExact = fileNameLength <= NAME_BYTES_MAX && /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/.test(name);
  if (!isExact)
    throw new ArchiveFault(
      'misnamed',
      `Cannot read the archive: the name ${JSON.stringify(name.slice(0, NAME_BYTES_MAX))} is none of a bundle`,
    );
  if (extraFields.some(({ id }) => id === UNICODE_PATH))
    throw new ArchiveFault('ambiguous', `Cannot read the archive: ${name} has a second name`);
  return name;
}

/** Info-ZIP Unicode Path: another name for readers that look at it. */
const UNICODE_PATH = 0x7075;
const [FILE_TYPE, REGULAR, FOLDER, UNIX] = [0o170000, 0o100000, 0o040000, 3];

function kindOf({ versionMadeBy, externalFileAttributes, uncompressedSize }: Entry, name: string): BundleMember['kind'] {
  const type = versionMadeBy >> 8 === UNIX ? (externalFileAttributes >>> 16) & FILE_TYPE : 0;
  if (name.endsWith('/')) return (type === 0 || type === FOLDER) && uncompressedSize === 0 ? 'folder' : 'other';
  return type === 0 || type === REGULAR ? 'file' : 'other';
}

/** INVARIANT: what stands before the data says the same as the directory; who reads the one or the other reads the same. */
async function dataStart(zip: ZipFile, entry: Entry): Promise<number> {
  const local = await zip.readLocalFileHeaderPromise(entry);
  const { generalPurposeBitFlag: flags, compressionMethod: method } = entry;
  const differs = !local.fileName.equals(entry.fileNameRaw) || local.compressionMethod !== method || local.generalPurposeBitFlag !== flags;
  // Bit 3: sizes and checksum follow the data, and are zero here; a zip64 archive has its marks in their place.
  const isStreamed = (flags & 8) !== 0;
  const isSized =
    (local.compressedSize === entry.compressedSize && local.uncompressedSize === entry.uncompressedSize) || local.compressedSize === ZIP64;
  if (differs || (!isStreamed && (!isSized || local.crc32 !== entry.crc32)))
    throw new ArchiveFault(
      'ambiguous',
      `Cannot read the archive: ${entry.fileNameRaw.toString('latin1')} is another file where it stands than in the directory`,
    );
  if (entry.isEncrypted() || (flags & ENCRYPTED) !== 0 || (method !== STORED && method !== DEFLATED))
    throw new ArchiveFault(
      'unsupported',
      `Cannot read the archive: method ${method}, flags ${flags}, expected stored or deflated, and not encrypted`,
    );
  if (method === STORED && entry.compressedSize !== entry.uncompressedSize)
    throw new ArchiveFault('malformed', 'Cannot read the archive: a stored file has two sizes');
  return local.fileDataStart;
}

const ZIP64 = 0xffff_ffff;
/** Encryption, strong encryption, and directories that are masked. */
const ENCRYPTED = 0x1 | 0x40 | 0x2000;

/** A zip bomb has one piece of data under many names; and nothing is hidden before, between or behind, but for a streamed file's sizes. */
function requireDisjoint(spans: readonly { readonly from: number; readonly to: number }[], directoryStart: number): void {
  let reached = 0;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    if (from < reached || to > directoryStart) throw new ArchiveFault('overlap', 'Cannot read the archive: its files lie over one another');
    if (from - reached > DESCRIPTOR_BYTES_MAX)
      throw new ArchiveFault('hidden', 'Cannot read the archive: there is something between its files');
    reached = to;
  }
  if (directoryStart - reached > DESCRIPTOR_BYTES_MAX)
    throw new ArchiveFault('hidden', 'Cannot read the archive: there is something behind its files');
}

const DESCRIPTOR_BYTES_MAX = 24;

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

/** Never more than was declared comes out, however much is in it; all of it, if it is read to its end, has the checksum it should have. */
async function* readStored(fd: number, name: string, stored: Stored, bytes: number): AsyncGenerator<Uint8Array> {
  const compressed = pieces(fd, stored);
  const plain = stored.method === STORED ? compressed : inflated(compressed);
  const wrong = (): ArchiveFault => new ArchiveFault('content', `Cannot read ${name}: its content is not what the archive says`);
  let read = 0;
  let sum = 0;
  try {
    for await (const piece of plain) {
      if (read + piece.length > stored.bytes) throw wrong();
      sum = crc32(piece, sum);
      const wanted = piece.subarray(0, Math.max(bytes - read, 0));
      read += piece.length;
      if (wanted.length > 0) yield wanted;
      if (read >= bytes && bytes < stored.bytes) return;
    }
  } catch (cause) {
    throw cause instanceof ArchiveFault ? cause : wrong();
  }
  if (read !== stored.bytes || sum !== stored.crc) throw wrong();
}

function* pieces(fd: number, { start, compressed }: Stored): Generator<Buffer> {
  for (let done = 0; done < compressed; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, compressed - done));
    const read = readSync(fd, piece, 0, piece.length, start + done);
    if (read === 0) return;
    done += read;
    yield piece.subarray(0, read);
  }
}

async function* inflated(compressed: Iterable<Buffer>): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES });
  const source = Readable.from(compressed, { objectMode: false, highWaterMark: PIECE_BYTES });
  source.on('error', (cause) => inflate.destroy(cause));
  source.pipe(inflate);
  try {
    for await (const piece of inflate) yield piece;
  } finally {
    source.destroy();
    inflate.destroy();
  }
}
