import type { RecordingEntry } from '#core/audit/entry.ts';
import { type RunningSha256, startSha256 } from '#core/audit/sha256.ts';
import { encodeFrame, FrameDecoder, type RecordingFrame } from '#core/recording/frames.ts';
import { recordingPath } from '#core/verify/manifest.ts';
import { EvidenceFault, type EvidenceFolder, errorCode, type FileWriter, writeAll } from './evidence-folder.ts';

/** A chunk is entered in the audit once it holds this much, or is this old. One frame of the largest size may exceed it by its header. */
export const CHUNK_BYTES_MAX = 1024 * 1024;
export const CHUNK_AGE_MS_MAX = 5_000;
/** Largest recording of one terminal. */
const RECORDING_BYTES_MAX = 4 * 1024 * 1024 * 1024;

export type RecordingSetup = {
  readonly folder: EvidenceFolder;
  /** Names the link of the chain whose terminal it is: `[A-Za-z0-9_-]{1,64}`. */
  readonly link: string;
  /** Takes the entry for a chunk that has reached the disk. */
  readonly chunk: (entry: RecordingEntry) => void;
  readonly bytesMax?: number;
};

/**
 * `recordings/<link>/terminal.rec`: takes frames as they stream in, split anywhere, and writes whole ones. What it takes
 * is the wrapper's claim (R3): a bad frame or a failed write throws, FrameFault or EvidenceFault, and it takes no more.
 */
export class RecordingFile {
  readonly path: string;
  readonly #setup: RecordingSetup;
  readonly #writer: FileWriter;
  readonly #decoder = new FrameDecoder();
  readonly #whole: RunningSha256 = startSha256();
  #chunk: RunningSha256 = startSha256();
  #chunkStart = 0;
  #bytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #open = true;
  #closed = false;

  constructor(setup: RecordingSetup, writer?: FileWriter) {
    this.path = recordingPath(setup.link, 'rec');
    this.#setup = setup;
    this.#writer = writer ?? setup.folder.createFile(this.path);
  }

  push(bytes: Uint8Array): void {
    if (!this.#open) throw new EvidenceFault('closed', 'Cannot record: the recording has ended, expected open');
    try {
      for (const frame of this.#decoder.push(bytes)) this.#write(frame);
    } catch (cause) {
      this.#open = false;
      throw cause;
    }
  }

  /** Enters the last chunk, syncs, closes, and tells the folder what was written; once. Answers the bytes of a frame that never ended. */
  close(): { readonly droppedBytes: number } {
    const droppedBytes = this.#decoder.pendingBytes;
    if (this.#closed) return { droppedBytes };
    this.#closed = true;
    this.#open = false;
    this.#enterChunk();
    try {
      this.#writer.sync();
    } finally {
      this.#writer.close();
    }
    this.#setup.folder.remember({ path: this.path, bytes: this.#bytes, sha256: this.#whole.hex() });
    return { droppedBytes };
  }

  #write(frame: RecordingFrame): void {
    const bytes = encodeFrame(frame);
    if (this.#bytes + bytes.length > (this.#setup.bytesMax ?? RECORDING_BYTES_MAX)) {
      throw new EvidenceFault('over-limit', `Cannot record: ${this.#bytes} bytes are recorded, expected at most the limit`);
    }
    if (this.#bytes + bytes.length - this.#chunkStart > CHUNK_BYTES_MAX) this.#enterChunk();
    try {
      writeAll(this.#writer, bytes);
    } catch (cause) {
      throw new EvidenceFault('write-failed', `Cannot write the recording: ${errorCode(cause)}`, cause);
    }
    this.#bytes += bytes.length;
    this.#whole.update(bytes);
    this.#chunk.update(bytes);
    this.#timer ??= setTimeout(() => this.#enterChunk(), CHUNK_AGE_MS_MAX).unref();
  }

  /** INVARIANT (P6): an entry names only bytes that were written before it. */
  #enterChunk(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const bytes = this.#bytes - this.#chunkStart;
    if (bytes === 0) return;
    const sha256 = this.#chunk.hex();
    this.#setup.chunk({ kind: 'recording', file: this.path, offset: this.#chunkStart, bytes, sha256 });
    this.#chunk = startSha256();
    this.#chunkStart = this.#bytes;
  }
}
