import type { RecordingEntry } from '#core/audit/entry.ts';
import { type RunningSha256, startSha256 } from '#core/audit/sha256.ts';
import { EvidenceFault, type EvidenceFolder, errorCode, type FileWriter, writeAll } from './evidence-folder.ts';

/** Plaintext to one age file. */
export type Encrypt = (plaintext: Uint8Array) => Promise<Uint8Array>;

export type RecordingFileSetup = {
  readonly folder: EvidenceFolder;
  readonly path: string;
  /** Takes the entry for a range that has reached the disk. */
  readonly range: (entry: RecordingEntry) => void;
  /** Null: in the clear. */
  readonly encrypt: Encrypt | null;
};

/**
 * One file of a recording, written range by range. In the clear, bytes are written as they come; encrypted, a range is held until it
 * ends, and what it becomes is written whole: so each range can be read by itself, wherever a crash comes.
 */
export class RecordingFile {
  readonly #setup: RecordingFileSetup;
  readonly #writer: FileWriter;
  readonly #whole: RunningSha256 = startSha256();
  #range: RunningSha256 = startSha256();
  #held: Buffer[] = [];
  #rangeStart = 0;
  #bytes = 0;
  #isOpen = true;
  /** Bytes taken for the range that is open, before encryption. */
  rangeBytes = 0;
  /** Bytes taken in all, before encryption. */
  takenBytes = 0;

  constructor(setup: RecordingFileSetup) {
    this.#setup = setup;
    this.#writer = setup.folder.createFile(setup.path);
  }

  take(bytes: Buffer): void {
    if (this.#setup.encrypt !== null) this.#held.push(bytes);
    else {
      this.#write(bytes);
      this.#range.update(bytes);
    }
    this.rangeBytes += bytes.length;
    this.takenBytes += bytes.length;
  }

  /** INVARIANT (P6): an entry names only bytes that were written before it. */
  async endRange(): Promise<void> {
    if (this.rangeBytes === 0) return;
    this.rangeBytes = 0;
    const { encrypt, path, range } = this.#setup;
    if (encrypt !== null) await this.#writeEncrypted(encrypt);
    const [offset, bytes] = [this.#rangeStart, this.#bytes - this.#rangeStart];
    range({ kind: 'recording', file: path, offset, bytes, sha256: this.#range.hex() });
    this.#range = startSha256();
    this.#rangeStart = this.#bytes;
  }

  /** Syncs, closes, and tells the folder what was written, once. Ranges are ended before. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#writer.sync();
    } finally {
      this.#writer.close();
    }
    this.#setup.folder.remember({ path: this.#setup.path, bytes: this.#bytes, sha256: this.#whole.hex() });
  }

  async #writeEncrypted(encrypt: Encrypt): Promise<void> {
    const plaintext = Buffer.concat(this.#held);
    this.#held = [];
    const bytes = Buffer.from(await encrypt(plaintext));
    this.#write(bytes);
    this.#range.update(bytes);
  }

  #write(bytes: Buffer): void {
    try {
      writeAll(this.#writer, bytes);
    } catch (cause) {
      throw new EvidenceFault('write-failed', `Cannot write the recording: ${errorCode(cause)}`, cause);
    }
    this.#bytes += bytes.length;
    this.#whole.update(bytes);
  }
}
