import { write } from 'node:fs';

/** Chunks waiting beyond this make the caller pause. */
export const PENDING_BYTES_MAX = 256 * 1024;
const RETRY_MS = 5;

/**
 * Writes to a descriptor that is not ours alone (standard output, a terminal's master), in order and without blocking
 * the event loop: Node's own streams write to pipes and files synchronously, and while a reader stalls no signal and no
 * loss of the session would be heard. The descriptor's flags stay as they are.
 */
export class DescriptorWriter {
  readonly #fd: number;
  readonly #onBroken: (code: string) => void;
  readonly #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #busy = false;
  #broken = false;
  #waiting: (() => void)[] = [];

  /** @param onBroken called once, with the error's code, when nobody will read any more; later writes are dropped. */
  constructor(fd: number, onBroken: (code: string) => void) {
    this.#fd = fd;
    this.#onBroken = onBroken;
  }

  /** True while more may be written; else wait for `drained` first. */
  write(bytes: Uint8Array): boolean {
    if (this.#broken || bytes.length === 0) return true;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#next();
    return this.#pendingBytes < PENDING_BYTES_MAX;
  }

  /** Resolves when all that was written is out, or never will be. */
  drained(): Promise<void> {
    if (this.#pending.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #next(): void {
    const chunk = this.#pending[0];
    if (this.#busy) return;
    if (chunk === undefined) {
      this.#settle();
      return;
    }
    this.#busy = true;
    write(this.#fd, chunk, 0, chunk.length, null, (error, written) => {
      this.#busy = false;
      if (error === null) this.#advance(chunk, written);
      // Somebody who shares the descriptor made it non-blocking.
      else if (error.code === 'EAGAIN') setTimeout(() => this.#next(), RETRY_MS);
      else this.#break(error.code ?? 'EIO');
    });
  }

  #advance(chunk: Uint8Array, written: number): void {
    this.#pendingBytes -= written;
    if (written < chunk.length) this.#pending[0] = chunk.subarray(written);
    else this.#pending.shift();
    this.#next();
  }

  #break(code: string): void {
    this.#broken = true;
    this.#pending.length = 0;
    this.#pendingBytes = 0;
    this.#settle();
    this.#onBroken(code);
  }

  #settle(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
