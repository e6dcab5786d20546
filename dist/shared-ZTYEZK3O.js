import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;

// src/core/recording/frames.ts
var FRAME_HEADER_BYTES = 13;
var FRAME_PAYLOAD_BYTES_MAX = 1024 * 1024;
var RECORDING_STREAMS = ["output", "input", "resize", "marker"];
var FrameFault = class extends Error {
  name = "FrameFault";
  code;
  constructor(code, message) {
    super(message);
    this.code = code;
  }
};
var RESIZE = /^([1-9][0-9]{0,4})x([1-9][0-9]{0,4})$/;
function encodeFrame({ micros, stream, payload }) {
  checkTime(micros, 0);
  if (payload.length > FRAME_PAYLOAD_BYTES_MAX) throw tooLong(payload.length);
  if (stream === "resize" && parseResize(payload) === null) throw badResize();
  const bytes = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  bytes.writeBigUInt64BE(BigInt(micros), 0);
  bytes.writeUInt8(RECORDING_STREAMS.indexOf(stream), 8);
  bytes.writeUInt32BE(payload.length, 9);
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}
function encodeStream(micros, stream, content) {
  const frames = [];
  for (let from = 0; from < content.length; from += FRAME_PAYLOAD_BYTES_MAX) {
    frames.push(encodeFrame({ micros, stream, payload: content.subarray(from, from + FRAME_PAYLOAD_BYTES_MAX) }));
  }
  return frames;
}
function encodeResize(micros, columns, rows) {
  return encodeFrame({ micros, stream: "resize", payload: Buffer.from(`${columns}x${rows}`, "latin1") });
}
function parseResize(payload) {
  if (payload.length > 11) return null;
  const match = RESIZE.exec(Buffer.from(payload).toString("latin1"));
  return match === null ? null : { columns: Number(match[1]), rows: Number(match[2]) };
}
var FrameDecoder = class {
  #pending = Buffer.alloc(0);
  #held = 0;
  #lastMicros = 0;
  /** The frames that `chunk` completes. Payloads may share memory with `chunk`. */
  push(chunk) {
    const frames = [];
    let rest = asBuffer(chunk);
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
  get pendingBytes() {
    return this.#held;
  }
  /** Throws when the bytes ended within a frame. */
  end() {
    if (this.#held > 0)
      throw new FrameFault("cut-short", `Cannot end the recording: ${this.#held} bytes of a frame are there, expected a whole one`);
  }
  /** Moves bytes into the held frame until it is whole; answers what is left. */
  #hold(rest, frames) {
    const wanted = this.#held < FRAME_HEADER_BYTES ? FRAME_HEADER_BYTES : this.#frameLength(this.#pending) ?? FRAME_HEADER_BYTES;
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
  #frameLength(bytes) {
    if (bytes.length < FRAME_HEADER_BYTES) return null;
    const length = bytes.readUInt32BE(9);
    if (length > FRAME_PAYLOAD_BYTES_MAX) throw tooLong(length);
    return FRAME_HEADER_BYTES + length;
  }
  #frame(bytes) {
    const micros = Number(bytes.readBigUInt64BE(0));
    checkTime(micros, this.#lastMicros);
    const stream = RECORDING_STREAMS[bytes.readUInt8(8)];
    if (stream === void 0)
      throw new FrameFault("unknown-stream", `Cannot decode a frame: stream is ${bytes.readUInt8(8)}, expected 0 to 3`);
    const payload = bytes.subarray(FRAME_HEADER_BYTES);
    if (stream === "resize" && parseResize(payload) === null) throw badResize();
    this.#lastMicros = micros;
    return { micros, stream, payload };
  }
};
function grow(held, used, wanted) {
  const larger = Buffer.allocUnsafe(wanted);
  held.copy(larger, 0, 0, used);
  return larger;
}
function asBuffer(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
function checkTime(micros, last) {
  if (!Number.isSafeInteger(micros) || micros < 0) {
    throw new FrameFault("time-out-of-range", "Cannot take a frame: its time is out of range, expected whole microseconds below 2^53");
  }
  if (micros < last) throw new FrameFault("time-backwards", `Cannot take a frame: its time is ${micros}, expected ${last} or later`);
}
function tooLong(length) {
  return new FrameFault("too-long", `Cannot take a frame: its payload has ${length} bytes, expected at most ${FRAME_PAYLOAD_BYTES_MAX}`);
}
function badResize() {
  return new FrameFault("bad-resize", "Cannot take a resize frame: its payload is not COLUMNSxROWS, expected such as 80x24");
}

export {
  FRAME_HEADER_BYTES,
  FrameFault,
  encodeFrame,
  encodeStream,
  encodeResize,
  parseResize,
  FrameDecoder
};
