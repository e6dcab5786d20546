import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  auditFileNumber
} from "./shared-SRWRGWQG.js";

// src/core/verify/lines.ts
var LineSplitter = class {
  #bytesMax;
  #line;
  #held = [];
  #heldBytes = 0;
  /** `line` gets each line without its LF; its bytes are only good during the call. */
  constructor(bytesMax, line) {
    this.#bytesMax = bytesMax;
    this.#line = line;
  }
  /** False once a line is longer than the maximum: nothing more is taken. */
  push(piece) {
    let rest = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF)) {
      if (this.#heldBytes + end > this.#bytesMax) return false;
      this.#line(this.#heldBytes === 0 ? rest.subarray(0, end) : Buffer.concat([...this.#held, rest.subarray(0, end)]));
      this.#held = [];
      this.#heldBytes = 0;
      rest = rest.subarray(end + 1);
    }
    if (this.#heldBytes + rest.length > this.#bytesMax) return false;
    if (rest.length > 0) this.#held.push(Buffer.from(rest));
    this.#heldBytes += rest.length;
    return true;
  }
  /** Bytes after the last LF. */
  get tornBytes() {
    return this.#heldBytes;
  }
};
var LF = 10;

// src/core/verify/audit-pieces.ts
function auditFiles(members) {
  return [...members].filter(({ kind, path }) => kind === "file" && auditFileNumber(path) !== null).sort((a, b) => (auditFileNumber(a.path) ?? 0) - (auditFileNumber(b.path) ?? 0));
}
async function* auditPieces(reader, members) {
  for (const { path, bytes } of auditFiles(members)) yield* reader.read(path, bytes);
}

export {
  LineSplitter,
  auditFiles,
  auditPieces
};
