import { type RunningSha256, startSha256 } from '#core/audit/sha256.ts';
import type { Chunk } from './entry-rules.ts';
import type { RecordingContent } from './recording-content.ts';
import type { Problem } from './verification.ts';

/**
 * Reads one recording in pieces: each range that the chain names has the hash it names; what is in the ranges goes to `content`,
 * where it can be read.
 */
export class RecordingCheck {
  readonly #path: string;
  readonly #chunks: readonly Chunk[];
  readonly #content: RecordingContent | null;
  #position = 0;
  #next = 0;
  #range: RunningSha256 = startSha256();
  #problem: Problem | null = null;

  constructor(path: string, chunks: readonly Chunk[], content: RecordingContent | null) {
    this.#path = path;
    this.#chunks = chunks;
    this.#content = content;
  }

  async push(piece: Uint8Array): Promise<void> {
    let rest = piece;
    while (rest.length > 0 && this.#problem === null) {
      const chunk = this.#chunks[this.#next];
      if (chunk === undefined) break; // bytes that no entry covers yet: see uncovered
      const part = rest.subarray(0, chunk.offset + chunk.bytes - this.#position);
      await this.#take(part, chunk);
      rest = rest.subarray(part.length);
    }
  }

  /** Bytes that entries cover, of those that were read. */
  get coveredBytes(): number {
    return this.#position;
  }

  /** Ends it. Null: nothing is wrong with it. */
  end(): Problem | null {
    if (this.#problem === null && this.#next < this.#chunks.length) this.#fail('it is shorter than the chunks that the chain names');
    if (this.#problem === null) this.#fail(this.#content?.end() ?? null);
    return this.#problem;
  }

  async #take(part: Uint8Array, chunk: Chunk): Promise<void> {
    this.#range.update(part);
    this.#position += part.length;
    this.#fail(this.#content?.take(part) ?? null);
    if (this.#position < chunk.offset + chunk.bytes) return;
    if (this.#range.hex() !== chunk.sha256) this.#fail(`bytes ${chunk.offset} to ${this.#position} are not those that the chain names`);
    else this.#fail((await this.#content?.endRange()) ?? null);
    this.#range = startSha256();
    this.#next += 1;
  }

  #fail(what: string | null): void {
    if (what !== null) this.#problem ??= { code: 'recording', where: this.#path, what };
  }
}
