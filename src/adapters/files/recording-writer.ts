import type { RecordingEntry } from '#core/audit/entry.ts';
import { encodeFrame, FRAME_HEADER_BYTES, FrameDecoder, type RecordingFrame } from '#core/recording/frames.ts';
import { type RecordingPath, recordingName, recordingPath } from '#core/verify/manifest.ts';
import { EvidenceFault, type EvidenceFolder } from './evidence-folder.ts';
import { type Encrypt, RecordingFile } from './recording-file.ts';

/** A range is entered in the audit once it holds this much, or is this old. One frame of the largest size may exceed it by its header. */
export const RANGE_BYTES_MAX = 1024 * 1024;
export const RANGE_AGE_MS_MAX = 5_000;
/** Largest recording of one sort and link, and largest file of it: a cast may be six times as long, and archives have trouble past 4 GiB. */
const RECORDING_BYTES_MAX = 4 * 1024 * 1024 * 1024;
const FILE_BYTES_MAX = 512 * 1024 * 1024;

export type RecordingSetup = {
  readonly folder: EvidenceFolder;
  /** Names the link of the chain that it is of: `[A-Za-z0-9_-]{1,64}`. */
  readonly link: string;
  readonly of: RecordingPath['of'];
  readonly range: (entry: RecordingEntry) => void;
  /** Null: in the clear. */
  readonly encrypt: Encrypt | null;
  readonly bytesMax?: number;
  readonly fileBytesMax?: number;
};

/**
 * A recording: takes frames as they stream in, split anywhere, writes whole ones, and goes on in another file when one has grown
 * large. What it takes is the wrapper's claim (R3): a bad frame or a failed write rejects, FrameFault or EvidenceFault, and
 * it takes no more.
 */
export class RecordingWriter {
  readonly #setup: RecordingSetup;
  readonly #decoder = new FrameDecoder();
  #file: RecordingFile;
  #files = 1;
  #earlierBytes = 0;
  /** What a file must begin with for the rest to be understood: the terminal's size, or whose response it is. */
  #context: RecordingFrame | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** One thing at a time: ranges are encrypted and entered in order. */
  #busy: Promise<void> = Promise.resolve();
  #fault: unknown = null;
  #closed: Promise<{ readonly droppedBytes: number }> | null = null;

  constructor(setup: RecordingSetup) {
    this.#setup = setup;
    this.#file = this.#open();
  }

  /** Resolves when they are on their way to the disk: whoever waits for it never has more than a range in memory. */
  push(bytes: Uint8Array): Promise<void> {
    if (this.#closed !== null) return Promise.reject(ended());
    return this.#next(async () => {
      for (const frame of this.#decoder.push(bytes)) await this.#frame(frame);
    });
  }

  /** Enters the last range, syncs, closes; once. Answers the bytes of a frame that never ended. Rejects with what went wrong before. */
  close(): Promise<{ readonly droppedBytes: number }> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<{ readonly droppedBytes: number }> {
    await this.#busy;
    this.#stopTimer();
    try {
      // What is whole is kept even if what came after it was not.
      await this.#file.endRange();
    } finally {
      this.#file.close();
    }
    if (this.#fault !== null) throw this.#fault;
    return { droppedBytes: this.#decoder.pendingBytes };
  }

  #next(act: () => Promise<void>): Promise<void> {
    const done = this.#busy.then(async () => {
      if (this.#fault !== null) throw ended();
      try {
        await act();
      } catch (fault) {
        this.#fault = fault;
        throw fault;
      }
    });
    this.#busy = done.catch(() => undefined);
    return done;
  }

  async #frame(frame: RecordingFrame): Promise<void> {
    const { bytesMax = RECORDING_BYTES_MAX, fileBytesMax = FILE_BYTES_MAX } = this.#setup;
    const bytes = encodeFrame(frame);
    if (this.#earlierBytes + this.#file.takenBytes + bytes.length > bytesMax) {
      throw new EvidenceFault(
        'over-limit',
        `Cannot record: ${this.#earlierBytes + this.#file.takenBytes} bytes are recorded, expected at most ${bytesMax}`,
      );
    }
    if (this.#file.takenBytes > 0 && this.#file.takenBytes + bytes.length > fileBytesMax) await this.#continue(frame.micros);
    if (this.#file.rangeBytes > 0 && this.#file.rangeBytes + bytes.length > RANGE_BYTES_MAX) await this.#endRange();
    this.#file.take(bytes);
    if (frame.stream === 'resize' || frame.stream === 'marker') this.#context = { ...frame, payload: bytes.subarray(FRAME_HEADER_BYTES) };
    this.#timer ??= setTimeout(() => void this.#next(() => this.#endRange()).catch(() => undefined), RANGE_AGE_MS_MAX).unref();
  }

  async #endRange(): Promise<void> {
    this.#stopTimer();
    await this.#file.endRange();
  }

  /** In another file, which is a recording by itself. */
  async #continue(micros: number): Promise<void> {
    await this.#endRange();
    this.#file.close();
    this.#earlierBytes += this.#file.takenBytes;
    this.#files += 1;
    this.#file = this.#open();
    if (this.#context !== null) this.#file.take(encodeFrame({ ...this.#context, micros }));
  }

  #open(): RecordingFile {
    const { folder, link, of, range, encrypt } = this.#setup;
    const path = recordingPath(link, recordingName(of, this.#files), encrypt === null ? 'rec' : 'rec.age');
    return new RecordingFile({ folder, path, range, encrypt });
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function ended(): EvidenceFault {
  return new EvidenceFault('closed', 'Cannot record: the recording has ended, expected open');
}
