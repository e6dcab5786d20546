/** Lines from pieces of a file, split anywhere, in memory bounded by one line. */
export class LineSplitter {
  readonly #bytesMax: number;
  readonly #line: (line: Buffer) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;

  /** `line` gets each line without its LF; its bytes are only good during the call. */
  constructor(bytesMax: number, line: (line: Buffer) => void) {
    this.#bytesMax = bytesMax;
    this.#line = line;
  }

  /** False once a line is longer than the maximum: nothing more is taken. */
  push(piece: Uint8Array): boolean {
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
  get tornBytes(): number {
    return this.#heldBytes;
  }
}

const LF = 0x0a;
