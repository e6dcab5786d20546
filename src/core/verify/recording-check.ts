import { type RunningSha256, startSha256 } from '#core/audit/sha256.ts';
import { AsciicastWriter } from '#core/recording/asciicast.ts';
import { FrameDecoder, FrameFault } from '#core/recording/frames.ts';
import type { Chunk } from './entry-rules.ts';
import type { Problem } from './verification.ts';

/**
 * Reads one `terminal.rec` in pieces: each range that the chain names has the hash it names; the frames within are well formed;
 * and the asciicast is derived again, as a digest to compare.
 */
export class RecordingCheck {
  readonly #path: string;
  readonly #chunks: readonly Chunk[];
  readonly #decoder = new FrameDecoder();
  readonly #cast = new AsciicastWriter();
  readonly #castSha256 = startSha256();
  #castBytes = 0;
  #position = 0;
  #next = 0;
  #range: RunningSha256 = startSha256();
  #problem: Problem | null = null;

  constructor(path: string, chunks: readonly Chunk[]) {
    this.#path = path;
    this.#chunks = chunks;
  }

  push(piece: Uint8Array): void {
    let rest = piece;
    while (rest.length > 0 && this.#problem === null) {
      const chunk = this.#chunks[this.#next];
      if (chunk === undefined) break; // bytes that no entry covers yet: see uncovered
      const part = rest.subarray(0, chunk.offset + chunk.bytes - this.#position);
      this.#take(part, chunk);
      rest = rest.subarray(part.length);
    }
  }

  /** Bytes that entries cover, of those that were read. */
  get coveredBytes(): number {
    return this.#position;
  }

  /** Ends it. The digest is that of the asciicast which these frames make. */
  end(): { readonly problem: Problem | null; readonly cast: { readonly bytes: number; readonly sha256: string } } {
    if (this.#problem === null && this.#next < this.#chunks.length) this.#fail('it is shorter than the chunks that the chain names');
    if (this.#problem === null) this.#decoding(() => this.#decoder.end());
    this.#derive(this.#cast.end());
    return { problem: this.#problem, cast: { bytes: this.#castBytes, sha256: this.#castSha256.hex() } };
  }

  #take(part: Uint8Array, chunk: Chunk): void {
    this.#range.update(part);
    this.#position += part.length;
    this.#decoding(() => {
      for (const frame of this.#decoder.push(part)) this.#derive(this.#cast.frame(frame));
    });
    if (this.#position < chunk.offset + chunk.bytes) return;
    if (this.#range.hex() !== chunk.sha256) this.#fail(`bytes ${chunk.offset} to ${this.#position} are not those that the chain names`);
    this.#range = startSha256();
    this.#next += 1;
  }

  #decoding(decode: () => void): void {
    try {
      decode();
    } catch (cause) {
      if (!(cause instanceof FrameFault)) throw cause;
      this.#fail(cause.message);
    }
  }

  #derive(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.#castSha256.update(bytes);
    this.#castBytes += bytes.length;
  }

  #fail(what: string): void {
    this.#problem ??= { code: 'recording', where: this.#path, what };
  }
}
