import type { RecordingWriter } from '#adapters/files/recording-writer.ts';
import { encodeFrame, encodeStream } from '#core/recording/frames.ts';
import type { ResponseLog } from '#session/ports.ts';

/** What may wait to be written before whoever brings more has to wait, too. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

/**
 * The responses of one command as a recording (docs/evidence.md, "Responses"): a marker names the decision whose response follows.
 */
export class ResponseRecorder implements ResponseLog {
  readonly #open: () => RecordingWriter;
  readonly #nowMicros: () => number;
  readonly #startMicros: number;
  /** The first failure is final: nothing is answered that is not kept (P2). */
  readonly #failed: (why: unknown) => void;
  #writer: RecordingWriter | null = null;
  #last: string | null = null;
  #waitingBytes = 0;

  constructor(open: () => RecordingWriter, nowMicros: () => number, failed: (why: unknown) => void) {
    this.#open = open;
    this.#nowMicros = nowMicros;
    this.#startMicros = nowMicros();
    this.#failed = failed;
  }

  write(decisionId: string, bytes: Uint8Array): Promise<void> | null {
    const micros = this.#nowMicros() - this.#startMicros;
    const frames = [...encodeStream(micros, 'output', bytes)];
    if (decisionId !== this.#last) frames.unshift(encodeFrame({ micros, stream: 'marker', payload: Buffer.from(decisionId, 'utf8') }));
    this.#last = decisionId;
    this.#waitingBytes += bytes.length;
    const written = this.#push(Buffer.concat(frames)).finally(() => {
      this.#waitingBytes -= bytes.length;
    });
    written.catch(this.#failed);
    return this.#waitingBytes < WAITING_BYTES_MAX ? null : written;
  }

  /** Once nothing more comes. */
  async close(): Promise<void> {
    await this.#writer?.close();
  }

  async #push(bytes: Buffer): Promise<void> {
    this.#writer ??= this.#open();
    await this.#writer.push(bytes);
  }
}
