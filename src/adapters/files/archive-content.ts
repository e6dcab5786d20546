import { readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { type DirectoryEntry, STORED } from './archive-directory.ts';
import { ArchiveFault } from './archive-fault.ts';

const PIECE_BYTES = 256 * 1024;

/** A file of the archive, and where its data begins. */
export type Stored = Pick<DirectoryEntry, 'name' | 'bytes' | 'compressed' | 'method' | 'crc'> & { readonly start: number };

/**
 * The first `wanted` bytes. Never more than was declared comes out, however much is in it (what is unpacked ahead is one piece); all
 * of it, read to its end, has the length and the checksum it should have. @throws ArchiveFault
 */
export async function* readStored(fd: number, stored: Stored, wanted: number): AsyncGenerator<Uint8Array> {
  let read = 0;
  let sum = 0;
  try {
    for await (const piece of stored.method === STORED ? pieces(fd, stored) : inflated(fd, stored)) {
      if (read + piece.length > stored.bytes) throw unlike(stored, `more than ${stored.bytes} bytes`);
      sum = crc32(piece, sum);
      const part = piece.subarray(0, Math.max(wanted - read, 0));
      read += piece.length;
      if (part.length > 0) yield part;
      if (read >= wanted && wanted < stored.bytes) return;
    }
  } catch (cause) {
    throw cause instanceof ArchiveFault ? cause : unlike(stored, 'what cannot be unpacked', { cause });
  }
  if (read !== stored.bytes) throw unlike(stored, `${read} bytes`);
  if (sum !== stored.crc) throw unlike(stored, 'another checksum');
}

function unlike({ name, bytes }: Stored, found: string, options?: ErrorOptions): ArchiveFault {
  return new ArchiveFault('content', `Cannot read ${name}: it has ${found}, expected the ${bytes} bytes that the archive says`, options);
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

async function* inflated(fd: number, stored: Stored): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES });
  const source = Readable.from(pieces(fd, stored), { objectMode: false, highWaterMark: PIECE_BYTES });
  source.on('error', (cause) => inflate.destroy(cause));
  source.pipe(inflate);
  try {
    for await (const piece of inflate) yield piece;
    // What it did not need is behind the end of the data: a place to hide something in.
    if (inflate.bytesWritten !== stored.compressed) throw unlike(stored, 'something behind its data');
  } finally {
    source.destroy();
    inflate.destroy();
  }
}
