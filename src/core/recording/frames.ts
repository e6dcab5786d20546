/**
 * A recording: frames, one after the other, nothing between them.
 *
 *   0        8   9        13
 *   +--------+---+--------+---------…
 *   | micros | s | length | payload      all integers big endian
 *   +--------+---+--------+---------…
 *   micros  u64  microseconds since the recording began; never less than in the frame before; below 2^53
 *   s       u8   stream: 0 output, 1 input, 2 resize (payload ASCII `COLUMNSxROWS`), 3 marker (payload UTF-8)
 *   length  u32  bytes of payload, at most framePayloadBytesMax
 */
export const FRAME_HEADER_BYTES = 13;
export const FRAME_PAYLOAD_BYTES_MAX = 1024 * 1024;

export const RECORDING_STREAMS = ['output', 'input', 'resize', 'marker'] as const;
export type RecordingStream = (typeof RECORDING_STREAMS)[number];

export type RecordingFrame = { readonly micros: number; readonly stream: RecordingStream; readonly payload: Uint8Array };

export type FrameFaultCode = 'unknown-stream' | 'too-long' | 'time-out-of-range' | 'time-backwards' | 'bad-resize' | 'cut-short';

export class FrameFault extends Error {
  override readonly name = 'FrameFault';
  readonly code: FrameFaultCode;
  constructor(code: FrameFaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

const RESIZE = /^([1-9][0-9]{0,4})x([1-9][0-9]{0,4})$/;

/** Frame to bytes. Longer payloads than the maximum are the caller's to split: see `encodeOutput`. */
export function encodeFrame({ micros, stream, payload }: RecordingFrame): Buffer {
  checkTime(micros, 0);
  if (payload.length > FRAME_PAYLOAD_BYTES_MAX) throw tooLong(payload.length);
  if (stream === 'resize' && parseResize(payload) === null) throw badResize();
  const bytes = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  bytes.writeBigUInt64BE(BigInt(micros), 0);
  bytes.writeUInt8(RECORDING_STREAMS.indexOf(stream), 8);
  bytes.writeUInt32BE(payload.length, 9);
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

/** Output or input of any length, as one frame for each maximum payload. */
export function encodeStream(micros: number, stream: 'output' | 'input', content: Uint8Array): readonly Buffer[] {
  const frames: Buffer[] = [];
  for (let from = 0; from < content.length; from += FRAME_PAYLOAD_BYTES_MAX) {
    frames.push(encodeFrame({ micros, stream, payload: content.subarray(from, from + FRAME_PAYLOAD_BYTES_MAX) }));
  }
  return frames;
}

export function encodeResize(micros: number, columns: number, rows: number): Buffer {
  return encodeFrame({ micros, stream: 'resize', payload: Buffer.from(`${columns}x${rows}`, 'latin1') });
}

export type TerminalSize = { readonly columns: number; readonly rows: number };

/** Null when the payload is not `COLUMNSxROWS`. */
export function parseResize(payload: Uint8Array): TerminalSize | null {
  if (payload.length > 11) return null;
  const match = RESIZE.exec(Buffer.from(payload).toString('latin1'));
  return match === null ? null : { columns: Number(match[1]), rows: Number(match[2]) };
}

/**
 * Bytes to frames, however they are split. Bytes come from the wrapper, which is not trusted: at most one frame is held,
 * and the first bad one throws a FrameFault; after that the decoder is of no more use.
 */
export class FrameDecoder {
  #pending: Buffer = Buffer.alloc(0);
  #held = 0;
  #lastMicros = 0;

  /** The frames that `chunk` completes. Payloads may share memory with `chunk`. */
  push(chunk: Uint8Array): readonly RecordingFrame[] {
    const frames: RecordingFrame[] = [];
    let rest: Buffer = asBuffer(chunk);
    while (rest.length > 0) {
      if (this.#held === 0) {
        const length = this.#frameLength(rest);
        if (length !== null && rest.length >= length) {
          frames.push(this.#frame(rest.subarray(0, length)));
          rest = rest.subarray(length);
          continue;
        }
      }
      rest = this.#hold(rest, frames);
    }
    return frames;
  }

  /** Bytes of a frame that has begun and not ended. */
  get pendingBytes(): number {
    return this.#held;
  }

  /** Throws when the bytes ended within a frame. */
  end(): void {
    if (this.#held > 0)
      throw new FrameFault('cut-short', `Cannot end the recording: ${this.#held} bytes of a frame are there, expected a whole one`);
  }

  /** Moves bytes into the held frame until it is whole; answers what is left. */
  #hold(rest: Buffer, frames: RecordingFrame[]): Buffer {
    const wanted = this.#held < FRAME_HEADER_BYTES ? FRAME_HEADER_BYTES : (this.#frameLength(this.#pending) ?? FRAME_HEADER_BYTES);
    const taken = Math.min(wanted - this.#held, rest.length);
    if (this.#pending.length < wanted) this.#pending = grow(this.#pending, this.#held, wanted);
    rest.copy(this.#pending, this.#held, 0, taken);
    this.#held += taken;
    if (this.#held >= FRAME_HEADER_BYTES && this.#frameLength(this.#pending) === this.#held) {
      frames.push(this.#frame(this.#pending.subarray(0, this.#held)));
      this.#pending = Buffer.alloc(0);
      this.#held = 0;
    }
    return rest.subarray(taken);
  }

  /** Null while the header is not whole. */
  #frameLength(bytes: Buffer): number | null {
    if (bytes.length < FRAME_HEADER_BYTES) return null;
    const length = bytes.readUInt32BE(9);
    if (length > FRAME_PAYLOAD_BYTES_MAX) throw tooLong(length);
    return FRAME_HEADER_BYTES + length;
  }

  #frame(bytes: Buffer): RecordingFrame {
    const micros = Number(bytes.readBigUInt64BE(0));
    checkTime(micros, this.#lastMicros);
    const stream = RECORDING_STREAMS[bytes.readUInt8(8)];
    if (stream === undefined)
      throw new FrameFault('unknown-stream', `Cannot decode a frame: stream is ${bytes.readUInt8(8)}, expected 0 to 3`);
    const payload = bytes.subarray(FRAME_HEADER_BYTES);
    if (stream === 'resize' && parseResize(payload) === null) throw badResize();
    this.#lastMicros = micros;
    return { micros, stream, payload };
  }
}

/** Holds bytes aside in a buffer of their own, of the size that will be needed. */
function grow(held: Buffer, used: number, wanted: number): Buffer {
  const larger = Buffer.allocUnsafe(wanted);
  held.copy(larger, 0, 0, used);
  return larger;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function checkTime(micros: number, last: number): void {
  if (!Number.isSafeInteger(micros) || micros < 0) {
    throw new FrameFault('time-out-of-range', 'Cannot take a frame: its time is out of range, expected whole microseconds below 2^53');
  }
  if (micros < last) throw new FrameFault('time-backwards', `Cannot take a frame: its time is ${micros}, expected ${last} or later`);
}

function tooLong(length: number): FrameFault {
  return new FrameFault('too-long', `Cannot take a frame: its payload has ${length} bytes, expected at most ${FRAME_PAYLOAD_BYTES_MAX}`);
}

function badResize(): FrameFault {
  return new FrameFault('bad-resize', 'Cannot take a resize frame: its payload is not COLUMNSxROWS, expected such as 80x24');
}
