import { LINE_BYTES_MAX } from '#core/audit/chain.ts';
import { LineEnvelope, readEntry } from '#core/audit/entry-schema.ts';
import { auditPieces } from './audit-pieces.ts';
import type { BundleMember, BundleReader } from './bundle-reader.ts';
import { CHUNKS_MAX } from './entry-rules.ts';
import { LineSplitter } from './lines.ts';
import { decodeUtf8 } from './manifest.ts';
import { type Decrypt, ENCRYPTED_RANGE_BYTES_MAX } from './recording-content.ts';

/** Sizes of the ranges of each recording, in their order, by path. Of a bundle that was verified. */
export type Ranges = ReadonlyMap<string, readonly number[]>;

export async function recordedRanges(reader: BundleReader, members: Iterable<BundleMember>): Promise<Ranges> {
  const ranges = new Map<string, number[]>();
  let count = 0;
  const lines = new LineSplitter(LINE_BYTES_MAX, (line) => {
    const range = line.includes('"kind":"recording"') ? rangeIn(line) : null;
    if (range === null || count >= CHUNKS_MAX) return;
    count += 1;
    const known = ranges.get(range.file) ?? [];
    known.push(range.bytes);
    ranges.set(range.file, known);
  });
  for await (const piece of auditPieces(reader, members)) if (!lines.push(piece)) break;
  return ranges;
}

/** What an encrypted recording holds, in pieces, as far as the chain covers it. @throws when no identity opens it, or it was changed */
export async function* decryptedBytes(
  reader: BundleReader,
  { path, bytes }: BundleMember,
  { ranges, decrypt }: { readonly ranges: Ranges; readonly decrypt: Decrypt },
): AsyncGenerator<Uint8Array> {
  const sizes = (ranges.get(path) ?? []).values();
  let size = sizes.next();
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of reader.read(path, bytes)) {
    held = Buffer.concat([held, piece]);
    while (!size.done && held.length >= size.value) {
      const plaintext = await decrypt(held.subarray(0, size.value));
      if (plaintext === null)
        throw new Error(`Cannot read ${path}: it is encrypted, and no identity given opens it; expected one of its recipients'`);
      yield plaintext;
      held = held.subarray(size.value);
      size = sizes.next();
    }
    if (size.done) return;
    if (size.value > ENCRYPTED_RANGE_BYTES_MAX)
      throw new Error(`Cannot read ${path}: a range of it is longer than ${ENCRYPTED_RANGE_BYTES_MAX} bytes`);
  }
}

function rangeIn(line: Buffer): { readonly file: string; readonly bytes: number } | null {
  try {
    const parsed = LineEnvelope.safeParse(JSON.parse(decodeUtf8(line) ?? ''));
    const read = parsed.success ? readEntry(parsed.data.entry) : null;
    return read !== null && 'known' in read && read.known && read.entry.kind === 'recording' ? read.entry : null;
  } catch {
    return null;
  }
}
