import type { Writable } from 'node:stream';
import { encodeResize, encodeStream } from '#core/recording/frames.ts';

/**
 * The recording as the wrapper sends it: each chunk of output framed, at the time it was seen. It holds no queue of its
 * own; when the sink is full the caller stops reading the terminal, so the command waits and nothing is lost.
 */
export class Recorder {
  readonly #sink: Writable;
  readonly #nowMicros: () => number;
  readonly #startMicros: number;

  constructor(sink: Writable, nowMicros: () => number) {
    this.#sink = sink;
    this.#nowMicros = nowMicros;
    this.#startMicros = nowMicros();
  }

  /** True while more may be recorded; else wait for `drained` first. */
  output(bytes: Uint8Array): boolean {
    if (!this.#sink.writable) return true;
    return encodeStream(this.#micros(), 'output', bytes).reduce((more, frame) => this.#sink.write(frame) && more, true);
  }

  resize(columns: number, rows: number): void {
    if (this.#sink.writable) this.#sink.write(encodeResize(this.#micros(), columns, rows));
  }

  #micros(): number {
    return this.#nowMicros() - this.#startMicros;
  }

  drained(): Promise<void> {
    const sink = this.#sink;
    if (!sink.writable || !sink.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      const settle = (): void => {
        for (const event of ['drain', 'close', 'error']) sink.off(event, settle);
        resolve();
      };
      for (const event of ['drain', 'close', 'error']) sink.on(event, settle);
    });
  }

  /** Resolves when all frames have been taken; rejects when they could not be. */
  end(): Promise<void> {
    const sink = this.#sink;
    return new Promise((resolve, reject) => {
      sink.once('error', reject);
      sink.end((error?: Error | null) => (error ? reject(error) : resolve()));
    });
  }
}
