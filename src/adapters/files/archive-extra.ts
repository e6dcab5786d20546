import { readU64 } from './archive-bytes.ts';
import { ArchiveFault } from './archive-fault.ts';

const ZIP64 = 0x0001;
const MARK32 = 0xffff_ffff;

/**
 * Times and owners (NTFS; Info-ZIP's UT, UX, Ux, ux), which change nothing. All others are refused: among them are a second name
 * (0x7075), links (0x756e, 0x000d) and encryption (0x9901, 0x0017), each seen by some readers only.
 */
const HARMLESS: ReadonlySet<number> = new Set([0x000a, 0x5455, 0x5855, 0x7855, 0x7875]);

/**
 * The numbers of a header with those in its zip64 field for the ones that are marked as too large, in the header's order
 * (APPNOTE 4.5.3). The field holds exactly those: some readers take what is there, others what is marked. @throws ArchiveFault
 */
export function resolveSizes(name: string, extra: Buffer, sizes: readonly number[]): readonly number[] {
  const large = readFields(name, extra).get(ZIP64);
  const marked = sizes.filter((size) => size === MARK32).length;
  if ((large?.length ?? 0) !== 8 * marked || (large !== undefined && marked === 0))
    throw new ArchiveFault(
      'ambiguous',
      `Cannot read the archive: ${name} has ${large?.length ?? 'no'} bytes of large sizes, expected ${marked} sizes`,
    );
  let next = 0;
  return sizes.map((size) => (size === MARK32 && large !== undefined ? readU64(large, 8 * next++) : size));
}

/** Known fields, each once, and nothing left over: id 2 | bytes 2 | data. */
function readFields(name: string, extra: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>();
  for (let at = 0; at < extra.length; ) {
    const end = at + 4 <= extra.length ? at + 4 + extra.readUInt16LE(at + 2) : Number.POSITIVE_INFINITY;
    if (end > extra.length)
      throw new ArchiveFault('malformed', `Cannot read the archive: an extra field of ${name} is cut off, expected it whole`);
    const id = extra.readUInt16LE(at);
    if (fields.has(id) || (id !== ZIP64 && !HARMLESS.has(id)))
      throw new ArchiveFault(
        'ambiguous',
        `Cannot read the archive: ${name} has the extra field 0x${id.toString(16)}${fields.has(id) ? ' twice' : ''}, expected sizes, times and owners, each once`,
      );
    fields.set(id, extra.subarray(at + 4, end));
    at = end;
  }
  return fields;
}
