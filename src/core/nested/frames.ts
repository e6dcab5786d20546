/**
 * What a command inside and whoever runs another command for it say to each other, over one connection: frames, one after the other.
 *
 *   0      1          5
 *   +------+----------+---------…
 *   | kind | length   | payload      big endian
 *   +------+----------+---------…
 *
 * The one inside begins with a request, and goes on when it is told to: it may send as many bytes of standard input as it was given
 * credit for. So signals and sizes are never stuck behind input that nobody reads.
 */
const NESTED_HEADER_BYTES = 5;
/** The kernel takes 2 MiB of arguments and environment, unless somebody has raised the stack's limit. */
export const NESTED_REQUEST_BYTES_MAX = 4 * 1024 * 1024;
export const NESTED_PAYLOAD_BYTES_MAX = 64 * 1024;

/** By their numbers: from inside, and to inside. */
const KINDS = ['request', 'stdin', 'stdin-end', 'resize', 'signal', 'credit', 'output', 'message', 'exit'] as const;
export type NestedKind = (typeof KINDS)[number];
export type NestedFrame = { readonly kind: NestedKind; readonly payload: Uint8Array };

export class NestedFault extends Error {
  override readonly name = 'NestedFault';
}

export function encodeNested(kind: NestedKind, payload: Uint8Array | string = ''): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  if (bytes.length > payloadMax(kind))
    throw new NestedFault(`a ${kind} frame has ${bytes.length} bytes, expected ${payloadMax(kind)} at most`);
  const frame = Buffer.allocUnsafe(NESTED_HEADER_BYTES + bytes.length);
  frame.writeUInt8(KINDS.indexOf(kind) + 1, 0);
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, NESTED_HEADER_BYTES);
  return frame;
}

/** Bytes of any number, as frames. */
export function encodeNestedBytes(kind: 'stdin' | 'output', bytes: Uint8Array): readonly Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += NESTED_PAYLOAD_BYTES_MAX) {
    frames.push(encodeNested(kind, bytes.subarray(at, at + NESTED_PAYLOAD_BYTES_MAX)));
  }
  return frames;
}

export function encodeNumber(kind: 'credit' | 'exit', value: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(value);
  return encodeNested(kind, payload);
}

export function numberOf({ kind, payload }: NestedFrame): number {
  if (payload.length !== 4) throw new NestedFault(`a ${kind} frame has ${payload.length} bytes, expected 4`);
  return Buffer.from(payload).readUInt32BE();
}

/** Bytes to frames, however they are split; the other side is hostile. After the first fault the decoder is of no more use. */
export class NestedDecoder {
  readonly #expected: ReadonlySet<NestedKind>;
  #pieces: Buffer[] = [];
  #held = 0;
  #needed = NESTED_HEADER_BYTES;

  /** @param expected all other kinds are a fault. */
  constructor(expected: readonly NestedKind[]) {
    this.#expected = new Set(expected);
  }

  /** The frames that `chunk` completes. @throws NestedFault */
  push(chunk: Uint8Array): readonly NestedFrame[] {
    this.#pieces.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    this.#held += chunk.length;
    const frames: NestedFrame[] = [];
    while (this.#held >= this.#needed) {
      let bytes = Buffer.concat(this.#pieces);
      for (let frame = this.#frame(bytes); frame !== null; frame = this.#frame(bytes)) {
        frames.push(frame);
        bytes = bytes.subarray(NESTED_HEADER_BYTES + frame.payload.length);
      }
      this.#pieces = [bytes];
      this.#held = bytes.length;
    }
    return frames;
  }

  /** Bytes that belong to no whole frame yet. */
  get pendingBytes(): number {
    return this.#held;
  }

  /** Null while it is not whole. */
  #frame(bytes: Buffer): NestedFrame | null {
    this.#needed = NESTED_HEADER_BYTES;
    if (bytes.length < NESTED_HEADER_BYTES) return null;
    const kind = KINDS[bytes.readUInt8(0) - 1];
    if (kind === undefined || !this.#expected.has(kind))
      throw new NestedFault(`it has a frame of kind ${kind ?? bytes.readUInt8(0)}, which has no place there`);
    const length = bytes.readUInt32BE(1);
    if (length > payloadMax(kind)) throw new NestedFault(`a ${kind} frame has ${length} bytes, expected ${payloadMax(kind)} at most`);
    this.#needed = NESTED_HEADER_BYTES + length;
    if (bytes.length < this.#needed) return null;
    this.#needed = NESTED_HEADER_BYTES;
    return { kind, payload: bytes.subarray(NESTED_HEADER_BYTES, NESTED_HEADER_BYTES + length) };
  }
}

function payloadMax(kind: NestedKind): number {
  return kind === 'request' ? NESTED_REQUEST_BYTES_MAX : NESTED_PAYLOAD_BYTES_MAX;
}
