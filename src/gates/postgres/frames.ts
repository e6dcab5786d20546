/** What no decoder can read. Ends the connection: past it nobody knows where the next message begins. */
export class ProtocolViolation extends Error {
  readonly code = '08P01';

  constructor(what: string) {
    super(`Cannot read the PostgreSQL protocol: ${what}`);
    this.name = 'ProtocolViolation';
  }
}

export type FrameBatch =
  /** One or more whole frames, one behind the other. */
  | { readonly kind: 'frames'; readonly frames: Buffer }
  /** A frame above the limit began; its bytes are dropped as they come, and later frames go on. */
  | { readonly kind: 'oversized'; readonly type: number; readonly bytes: number };

export type FrameLimits = { readonly frameBytesMax: number; readonly oversize: 'refuse' | 'fail' };

/**
 * Cuts a stream into whole frames. Wire layout: Byte1 type, Int32 length (big-endian, counts itself but not the type), body.
 *
 * Chunks that hold whole frames pass without a copy. Only a frame torn over chunks is copied, into a buffer that grows
 * with what has come, never with what was promised: memory is bounded by twice `frameBytesMax`, and copying is linear,
 * however small the pieces are. A buffer given out is never written to again.
 *
 * The peer controls every byte. Throws ProtocolViolation for a length below 4, and in `fail` mode for one above the limit;
 * frames before it in the same chunk are lost with it, since the connection is.
 */
export class FrameReader {
  readonly #limits: FrameLimits;
  /** The torn frame so far: the first `#tornBytes` of `#torn`. */
  #torn: Buffer = EMPTY;
  #tornBytes = 0;
  /** Whole length of the torn frame; 0 while its header is torn too. */
  #tornNeeds = 0;
  /** Bytes of an oversized frame still to be dropped. */
  #dropping = 0;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  push(chunk: Buffer): FrameBatch[] {
    const batches: FrameBatch[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#dropping > 0) rest = this.#drop(rest);
      else if (this.#tornBytes > 0) rest = this.#mend(rest, batches);
      else rest = this.#take(rest, batches);
    }
    return batches;
  }

  #drop(rest: Buffer): Buffer {
    const dropped = Math.min(this.#dropping, rest.length);
    this.#dropping -= dropped;
    return rest.subarray(dropped);
  }

  /** As many whole frames as there are, in one piece. */
  #take(rest: Buffer, batches: FrameBatch[]): Buffer {
    let end = 0;
    let oversized: FrameBatch | null = null;
    while (rest.length - end >= HEADER_BYTES && oversized === null) {
      const bytes = frameBytes(rest, end);
      if (bytes > this.#limits.frameBytesMax) oversized = this.#oversized(rest[end] ?? 0, bytes);
      else if (end + bytes > rest.length) break;
      else end += bytes;
    }
    if (end > 0) batches.push({ kind: 'frames', frames: rest.subarray(0, end) });
    if (oversized !== null) {
      batches.push(oversized);
      return rest.subarray(end);
    }
    if (rest.length - end >= HEADER_BYTES) this.#tornNeeds = frameBytes(rest, end);
    this.#keep(rest.subarray(end));
    return EMPTY;
  }

  #mend(rest: Buffer, batches: FrameBatch[]): Buffer {
    if (this.#tornNeeds === 0) return this.#mendHeader(rest, batches);
    const piece = rest.subarray(0, this.#tornNeeds - this.#tornBytes);
    this.#keep(piece);
    this.#giveIfWhole(batches);
    return rest.subarray(piece.length);
  }

  #mendHeader(rest: Buffer, batches: FrameBatch[]): Buffer {
    const piece = rest.subarray(0, HEADER_BYTES - this.#tornBytes);
    this.#keep(piece);
    if (this.#tornBytes === HEADER_BYTES) {
      const bytes = frameBytes(this.#torn, 0);
      if (bytes > this.#limits.frameBytesMax) {
        batches.push(this.#oversized(this.#torn[0] ?? 0, bytes));
        this.#dropping -= HEADER_BYTES;
        this.#forget();
      } else {
        this.#tornNeeds = bytes;
        this.#giveIfWhole(batches); // a frame without a body ends with its header
      }
    }
    return rest.subarray(piece.length);
  }

  #giveIfWhole(batches: FrameBatch[]): void {
    if (this.#tornBytes !== this.#tornNeeds) return;
    batches.push({ kind: 'frames', frames: this.#torn.subarray(0, this.#tornBytes) });
    this.#forget();
  }

  #keep(piece: Buffer): void {
    const bytes = this.#tornBytes + piece.length;
    if (bytes > this.#torn.length) {
      const grown = Math.max(bytes, 2 * this.#torn.length, GROWTH_BYTES_MIN);
      const room = Buffer.allocUnsafe(this.#tornNeeds === 0 ? HEADER_BYTES : Math.min(grown, this.#tornNeeds));
      this.#torn.copy(room, 0, 0, this.#tornBytes);
      this.#torn = room;
    }
    piece.copy(this.#torn, this.#tornBytes);
    this.#tornBytes = bytes;
  }

  #forget(): void {
    this.#torn = EMPTY;
    this.#tornBytes = 0;
    this.#tornNeeds = 0;
  }

  #oversized(type: number, bytes: number): FrameBatch {
    if (this.#limits.oversize === 'fail')
      throw new ProtocolViolation(`message of ${bytes} bytes, expected at most ${this.#limits.frameBytesMax}`);
    this.#dropping = bytes;
    return { kind: 'oversized', type, bytes };
  }
}

const HEADER_BYTES = 5;
const GROWTH_BYTES_MIN = 64 * 1024;
const EMPTY = Buffer.alloc(0);

/** Length of the frame at `offset`, type byte included. */
function frameBytes(bytes: Buffer, offset: number): number {
  const length = bytes.readInt32BE(offset + 1);
  if (length < 4) throw new ProtocolViolation(`length ${length}, expected at least 4`);
  return length + 1;
}
