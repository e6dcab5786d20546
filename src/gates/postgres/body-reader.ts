import { isUtf8 } from 'node:buffer';
import { ProtocolViolation } from './frames.ts';

/**
 * Reads one frame's body strictly: every length is checked against what is there, and nothing may be left at the end.
 * The peer controls every byte.
 */
export class BodyReader {
  readonly #bytes: Buffer;
  #offset: number;
  readonly #end: number;

  /** `start` is the frame's type byte. */
  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#offset = start + FRAME_HEADER_BYTES;
    this.#end = end;
  }

  byte(): number {
    return this.#bytes[this.#advance(1)] ?? 0;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  bytes(length: number): Buffer {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Int32 length, then so many bytes; -1 is null (DataRow, Bind). */
  value(): Buffer | null {
    const length = this.int32();
    return length === -1 ? null : this.bytes(length);
  }

  /** Up to the next NUL, which is read too. */
  zeroTerminated(): Buffer {
    const end = this.#bytes.indexOf(0, this.#offset);
    if (end === -1 || end >= this.#end) throw new ProtocolViolation('string without an end');
    const text = this.#bytes.subarray(this.#offset, end);
    this.#offset = end + 1;
    return text;
  }

  /**
   * A statement's or portal's name, equal to the name that SQL (`EXECUTE s`, `FETCH FROM c`) has for the same thing.
   *
   * The server keeps the first 63 bytes (NAMEDATALEN; dynahash `string_hash`, `strlcpy`), so two longer names may be one:
   * what was judged under the one would run under the other (P9). It takes invalid UTF-8 for an error anyway.
   */
  name(): string {
    const bytes = this.zeroTerminated();
    if (bytes.length > NAME_BYTES_MAX) throw new ProtocolViolation(`name of ${bytes.length} bytes, expected at most ${NAME_BYTES_MAX}`);
    if (!isUtf8(bytes)) throw new ProtocolViolation('name that is not UTF-8');
    return bytes.toString('utf8');
  }

  rest(): Buffer {
    return this.bytes(this.#end - this.#offset);
  }

  atEnd(): boolean {
    return this.#offset === this.#end;
  }

  done(): void {
    if (!this.atEnd()) throw new ProtocolViolation(`${this.#end - this.#offset} bytes behind the end of a message`);
  }

  #advance(bytes: number): number {
    const start = this.#offset;
    if (bytes < 0 || start + bytes > this.#end) throw new ProtocolViolation('message shorter than its contents');
    this.#offset = start + bytes;
    return start;
  }
}

const FRAME_HEADER_BYTES = 5;
const NAME_BYTES_MAX = 63;
