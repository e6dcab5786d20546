import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  AgentNumber
} from "./shared-6EOHPRKU.js";
import {
  array,
  base64,
  int,
  strictObject,
  string
} from "./shared-2T7SPHVJ.js";

// src/core/nested/frames.ts
var NESTED_HEADER_BYTES = 5;
var NESTED_REQUEST_BYTES_MAX = 4 * 1024 * 1024;
var NESTED_PAYLOAD_BYTES_MAX = 64 * 1024;
var KINDS = ["request", "stdin", "stdin-end", "resize", "signal", "credit", "output", "message", "exit"];
var NestedFault = class extends Error {
  name = "NestedFault";
};
function encodeNested(kind, payload = "") {
  const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
  if (bytes.length > payloadMax(kind))
    throw new NestedFault(`a ${kind} frame has ${bytes.length} bytes, expected ${payloadMax(kind)} at most`);
  const frame = Buffer.allocUnsafe(NESTED_HEADER_BYTES + bytes.length);
  frame.writeUInt8(KINDS.indexOf(kind) + 1, 0);
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, NESTED_HEADER_BYTES);
  return frame;
}
function encodeNestedBytes(kind, bytes) {
  const frames = [];
  for (let at = 0; at < bytes.length; at += NESTED_PAYLOAD_BYTES_MAX) {
    frames.push(encodeNested(kind, bytes.subarray(at, at + NESTED_PAYLOAD_BYTES_MAX)));
  }
  return frames;
}
function encodeNumber(kind, value) {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(value);
  return encodeNested(kind, payload);
}
function numberOf({ kind, payload }) {
  if (payload.length !== 4) throw new NestedFault(`a ${kind} frame has ${payload.length} bytes, expected 4`);
  return Buffer.from(payload).readUInt32BE();
}
var NestedDecoder = class {
  #expected;
  #pieces = [];
  #held = 0;
  #needed = NESTED_HEADER_BYTES;
  /** @param expected all other kinds are a fault. */
  constructor(expected) {
    this.#expected = new Set(expected);
  }
  /** The frames that `chunk` completes. @throws NestedFault */
  push(chunk) {
    this.#pieces.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    this.#held += chunk.length;
    const frames = [];
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
  get pendingBytes() {
    return this.#held;
  }
  /** Null while it is not whole. */
  #frame(bytes) {
    this.#needed = NESTED_HEADER_BYTES;
    if (bytes.length < NESTED_HEADER_BYTES) return null;
    const kind = KINDS[bytes.readUInt8(0) - 1];
    if (kind === void 0 || !this.#expected.has(kind))
      throw new NestedFault(`it has a frame of kind ${kind ?? bytes.readUInt8(0)}, which has no place there`);
    const length = bytes.readUInt32BE(1);
    if (length > payloadMax(kind)) throw new NestedFault(`a ${kind} frame has ${length} bytes, expected ${payloadMax(kind)} at most`);
    this.#needed = NESTED_HEADER_BYTES + length;
    if (bytes.length < this.#needed) return null;
    this.#needed = NESTED_HEADER_BYTES;
    return { kind, payload: bytes.subarray(NESTED_HEADER_BYTES, NESTED_HEADER_BYTES + length) };
  }
};
function payloadMax(kind) {
  return kind === "request" ? NESTED_REQUEST_BYTES_MAX : NESTED_PAYLOAD_BYTES_MAX;
}

// src/core/nested/request.ts
var NESTED_PATH = "/delegate";
var NESTED_UPGRADE = "duty-gate-run/1";
var WORD = string().max(131072).regex(/^[^\0]*$/);
var NestedRequest = strictObject({
  duty: string().min(1).max(256),
  /** Which of the policy's agents it is, by its order, if one of our launchers asks (wrapper/find-agents.ts); null: whatever it is. */
  agent: AgentNumber.nullable(),
  argv: array(WORD).min(1).max(4096),
  /** As the asker sees it. */
  cwd: WORD.startsWith("/"),
  /** `NAME=value` entries, each with a NUL at its end, base64: they need not be text. */
  environment: base64(),
  /** Of whoever sits at it; null: nobody does. */
  terminal: strictObject({ columns: int().min(1).max(65535), rows: int().min(1).max(65535) }).nullable()
});
function readNestedRequest(bytes) {
  try {
    const parsed = NestedRequest.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export {
  NESTED_PAYLOAD_BYTES_MAX,
  NestedFault,
  encodeNested,
  encodeNestedBytes,
  encodeNumber,
  numberOf,
  NestedDecoder,
  NESTED_PATH,
  NESTED_UPGRADE,
  NestedRequest,
  readNestedRequest
};
