import { type RunningSha256, sha256Hex, startSha256 } from '#core/audit/sha256.ts';

/** SHA-256 of a response that comes in pieces. Most come in one, and that one is hashed at once: a third of the cost. */
export class ResponseDigest {
  #only: Uint8Array | null = null;
  #running: RunningSha256 | null = null;

  /** `bytes` must not be written to afterwards. */
  update(bytes: Uint8Array): void {
    if (this.#running === null && this.#only === null) {
      this.#only = bytes;
      return;
    }
    this.#running ??= this.#start();
    this.#running.update(bytes);
  }

  /** Ends it: 64 lower-case hex digits. */
  hex(): string {
    return this.#running?.hex() ?? (this.#only === null ? EMPTY : sha256Hex(this.#only));
  }

  #start(): RunningSha256 {
    const running = startSha256();
    if (this.#only !== null) running.update(this.#only);
    this.#only = null;
    return running;
  }
}

const EMPTY = sha256Hex('');
