import { crc32, deflateRawSync } from 'node:zlib';

/** A number as it is written; some are too large for a double. */
type Size = number | bigint;

/** What a header says in place of the truth. */
type Lies = {
  readonly signature?: number;
  readonly name?: string | Buffer;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly compressed?: Size;
  readonly bytes?: Size;
  /** More extra fields. */
  readonly extra?: Buffer;
};

/** One member of an archive, and how its records lie. */
export type ZipMember = {
  readonly name: string | Buffer;
  readonly content?: Buffer;
  /** Data as it stands in the archive, of content that has not to be made. */
  readonly packed?: { readonly data: Buffer; readonly bytes: number; readonly crc: number };
  readonly method?: number;
  readonly flags?: number;
  readonly mode?: number;
  /** External attributes whole, in place of the mode. */
  readonly external?: number;
  readonly madeBy?: number;
  /** Sizes and checksum behind the data, as streaming writers do. */
  readonly streamed?: boolean;
  /** Bytes of what is behind the data of a streamed file, or these. */
  readonly descriptor?: 12 | 16 | 20 | 24 | Buffer;
  readonly zip64?: boolean;
  readonly before?: Buffer;
  readonly local?: Lies;
  readonly central?: Lies & { readonly offset?: Size; readonly disk?: number; readonly comment?: Buffer };
};

type EndLies = {
  readonly disk?: number;
  readonly directoryDisk?: number;
  readonly entriesHere?: Size;
  readonly entries?: Size;
  readonly bytes?: Size;
  readonly start?: Size;
};

export type ZipChanges = {
  readonly beforeDirectory?: Buffer;
  readonly beforeEnd?: Buffer;
  readonly comment?: Buffer;
  /** What the end record says of it. */
  readonly commentBytes?: number;
  readonly behind?: Buffer;
  readonly end?: EndLies;
  /** With zip64 end records; the small one then has marks, unless `end` says otherwise. */
  readonly zip64?: boolean;
  readonly end64?: EndLies & { readonly at?: Size; readonly disks?: number; readonly locatorDisk?: number; readonly recordBytes?: Size };
};

const MARK = 0xffff_ffff;
const NONE = Buffer.alloc(0);

/** Little-endian, cut to its width. */
function number(bytes: 2 | 4 | 8, value: Size): Buffer {
  const all = Buffer.alloc(8);
  all.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return all.subarray(0, bytes);
}
export const u16 = (value: Size): Buffer => number(2, value);
export const u32 = (value: Size): Buffer => number(4, value);
export const u64 = (value: Size): Buffer => number(8, value);
/** An extra field. */
export const extra = (id: number, data: Buffer): Buffer => Buffer.concat([u16(id), u16(data.length), data]);

/** An archive, byte by byte (APPNOTE 4.3): as good writers make it, or as the lies want it. */
export function makeZip(members: readonly ZipMember[], changes: ZipChanges = {}): Buffer {
  const body: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const before = member.before ?? NONE;
    const made = records(member, offset + before.length);
    body.push(before, made.local);
    offset += before.length + made.local.length;
    directory.push(made.central);
  }
  const before = changes.beforeDirectory ?? NONE;
  const end = endRecords({ entries: members.length, start: offset + before.length, bytes: Buffer.concat(directory).length }, changes);
  return Buffer.concat([...body, before, ...directory, changes.beforeEnd ?? NONE, end, changes.behind ?? NONE]);
}

type Truth = { readonly entries: number; readonly start: number; readonly bytes: number };

function endRecords(
  truth: Truth,
  { end = {}, end64 = {}, zip64 = false, comment = NONE, commentBytes = comment.length, beforeEnd = NONE }: ZipChanges,
): Buffer {
  const small = { disk: 0, directoryDisk: 0, ...(zip64 ? { entries: 0xffff, start: MARK, bytes: MARK } : truth), ...end };
  const large = { disk: 0, directoryDisk: 0, at: truth.start + truth.bytes + beforeEnd.length, ...truth, ...end64 };
  const record = [u32(0x06064b50), u64(end64.recordBytes ?? 44), u16(45), u16(45), u32(large.disk), u32(large.directoryDisk)];
  const counts = [u64(end64.entriesHere ?? large.entries), u64(large.entries), u64(large.bytes), u64(large.start)];
  const locator = [u32(0x07064b50), u32(end64.locatorDisk ?? 0), u64(large.at), u32(end64.disks ?? 1)];
  return Buffer.concat([
    ...(zip64 ? [...record, ...counts, ...locator] : []),
    ...[u32(0x06054b50), u16(small.disk), u16(small.directoryDisk), u16(end.entriesHere ?? small.entries), u16(small.entries)],
    ...[u32(small.bytes), u32(small.start), u16(commentBytes), comment],
  ]);
}

function records(member: ZipMember, offset: number): { readonly local: Buffer; readonly central: Buffer } {
  const { content = NONE, method = 8, flags = 0, streamed = false, zip64 = false, local = {}, central = {} } = member;
  const data = member.packed?.data ?? (method === 8 ? deflateRawSync(content) : content);
  const { bytes, crc } = member.packed ?? { bytes: content.length, crc: crc32(content) };
  const truth = { name: member.name, flags: flags | (streamed ? 8 : 0), method, crc, compressed: data.length, bytes };
  const here = { ...truth, ...(streamed ? { crc: 0, compressed: 0, bytes: 0 } : {}), ...local };
  const there = { ...truth, offset, disk: 0, comment: NONE, ...central };
  const large = zip64 && !streamed;
  const hereExtra = Buffer.concat([large ? extra(1, Buffer.concat([u64(here.bytes), u64(here.compressed)])) : NONE, local.extra ?? NONE]);
  const thereExtra = Buffer.concat([
    zip64 ? extra(1, Buffer.concat([u64(there.bytes), u64(there.compressed), u64(there.offset)])) : NONE,
    central.extra ?? NONE,
  ]);
  const [hereName, thereName] = [Buffer.from(here.name), Buffer.from(there.name)];
  return {
    local: Buffer.concat([
      ...[u32(local.signature ?? 0x04034b50), u16(20), u16(here.flags), u16(here.method), u32(0), u32(here.crc)],
      ...[u32(large ? MARK : here.compressed), u32(large ? MARK : here.bytes), u16(hereName.length), u16(hereExtra.length)],
      ...[hereName, hereExtra, data, streamed ? descriptor(truth, member.descriptor ?? (zip64 ? 24 : 16)) : NONE],
    ]),
    central: Buffer.concat([
      ...[u32(central.signature ?? 0x02014b50), u16(20 + 256 * (member.madeBy ?? 3)), u16(20), u16(there.flags), u16(there.method)],
      ...[u32(0), u32(there.crc), u32(zip64 ? MARK : there.compressed), u32(zip64 ? MARK : there.bytes), u16(thereName.length)],
      ...[u16(thereExtra.length), u16(there.comment.length), u16(there.disk), u16(0)],
      ...[
        u32(member.external ?? (member.mode ?? 0o100644) * 65_536),
        u32(zip64 ? MARK : there.offset),
        thereName,
        thereExtra,
        there.comment,
      ],
    ]),
  };
}

/** Signed or not, with sizes of 4 or 8 bytes. */
function descriptor({ crc, compressed, bytes }: { crc: number; compressed: number; bytes: number }, form: number | Buffer): Buffer {
  if (Buffer.isBuffer(form)) return form;
  const sizes = form >= 20 ? [u64(compressed), u64(bytes)] : [u32(compressed), u32(bytes)];
  return Buffer.concat([form % 8 === 0 ? u32(0x08074b50) : NONE, u32(crc), ...sizes]);
}
