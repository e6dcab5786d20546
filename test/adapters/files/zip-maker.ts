import { crc32, deflateRawSync } from 'node:zlib';

/** One member of an archive, and how its records lie. */
export type ZipMember = {
  readonly name: string | Buffer;
  readonly content?: Buffer;
  readonly method?: number;
  readonly flags?: number;
  readonly mode?: number;
  /** What the directory says in place of the truth. */
  readonly says?: {
    readonly name?: string;
    readonly bytes?: number;
    readonly compressed?: number;
    readonly crc?: number;
    readonly offset?: number;
    readonly method?: number;
    readonly flags?: number;
  };
  readonly extra?: Buffer;
  /** Sizes and checksum behind the data, as streaming writers do. */
  readonly streamed?: boolean;
  readonly zip64?: boolean;
  /** Bytes before its local header. */
  readonly before?: Buffer;
};

export type ZipChanges = {
  readonly comment?: Buffer;
  readonly entries?: number;
  readonly disk?: number;
  readonly behind?: Buffer;
  readonly beforeDirectory?: Buffer;
  readonly zip64?: boolean;
  readonly directoryStart?: number;
};

const u16 = (value: number): Buffer => Buffer.from([value & 0xff, (value >> 8) & 0xff]);
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const MARK = 0xffff_ffff;

/** An archive, byte by byte (APPNOTE 4.3): as good writers make it, or as `says` and the changes want it. */
export function makeZip(members: readonly ZipMember[], changes: ZipChanges = {}): Buffer {
  const [body, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  const put = (...pieces: Buffer[]): void => {
    for (const piece of pieces) {
      body.push(piece);
      offset += piece.length;
    }
  };
  for (const member of members) {
    put(member.before ?? Buffer.alloc(0));
    const made = records(member, offset);
    put(made.local);
    directory.push(made.central);
  }
  put(changes.beforeDirectory ?? Buffer.alloc(0));
  const start = changes.directoryStart ?? offset;
  const bytes = Buffer.concat(directory).length;
  put(...directory);
  const { comment = Buffer.alloc(0), entries = members.length, disk = 0, zip64 = false } = changes;
  if (zip64) {
    const at = offset;
    put(u32(0x06064b50), u64(44), u16(45), u16(45), u32(disk), u32(disk), u64(entries), u64(entries), u64(bytes), u64(start));
    put(u32(0x07064b50), u32(0), u64(at), u32(1));
  }
  const [count, size, from] = zip64 ? [0xffff, MARK, MARK] : [entries, bytes, start];
  put(u32(0x06054b50), u16(disk), u16(disk), u16(count), u16(count), u32(size), u32(from), u16(comment.length), comment);
  return Buffer.concat([...body, changes.behind ?? Buffer.alloc(0)]);
}

function records(member: ZipMember, offset: number): { readonly local: Buffer; readonly central: Buffer } {
  const {
    content = Buffer.alloc(0),
    method = 8,
    flags = 0,
    mode = 0o100644,
    says = {},
    extra = Buffer.alloc(0),
    streamed = false,
    zip64 = false,
  } = member;
  const name = Buffer.from(member.name);
  const data = method === 8 ? deflateRawSync(content) : content;
  const crc = crc32(content);
  const bits = flags | (streamed ? 8 : 0);
  const sized = (compressed: number, bytes: number): Buffer =>
    zip64 ? Buffer.concat([u16(1), u16(16), u64(bytes), u64(compressed)]) : Buffer.alloc(0);
  const localSizes = streamed ? [0, 0, 0] : zip64 ? [crc, MARK, MARK] : [crc, data.length, content.length];
  const localExtra = streamed ? Buffer.alloc(0) : sized(data.length, content.length);
  const descriptor = Buffer.concat([
    u32(0x08074b50),
    u32(crc),
    ...(zip64 ? [u64(data.length), u64(content.length)] : [u32(data.length), u32(content.length)]),
  ]);
  const local = [
    u32(0x04034b50),
    u16(20),
    u16(bits),
    u16(method),
    u32(0),
    ...localSizes.map(u32),
    u16(name.length),
    u16(localExtra.length),
    name,
    localExtra,
    data,
  ];
  const saidName = Buffer.from(says.name ?? name);
  const [compressed, bytes] = [says.compressed ?? data.length, says.bytes ?? content.length];
  const centralExtra = Buffer.concat([sized(compressed, bytes), extra]);
  const sizes = zip64 ? [MARK, MARK] : [compressed, bytes];
  const central = [
    ...[
      u32(0x02014b50),
      u16(0x0314),
      u16(20),
      u16(says.flags ?? bits),
      u16(says.method ?? method),
      u32(0),
      u32(says.crc ?? crc),
      ...sizes.map(u32),
    ],
    ...[
      u16(saidName.length),
      u16(centralExtra.length),
      u16(0),
      u16(0),
      u16(0),
      u32(mode * 65_536),
      u32(says.offset ?? offset),
      saidName,
      centralExtra,
    ],
  ];
  return { local: Buffer.concat([...local, ...(streamed ? [descriptor] : [])]), central: Buffer.concat(central) };
}
