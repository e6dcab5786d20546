import { type RunningSha256, startSha256 } from '#core/audit/sha256.ts';
import { AsciicastWriter } from '#core/recording/asciicast.ts';
import { FrameDecoder, FrameFault } from '#core/recording/frames.ts';

/** Largest range of an encrypted recording: it is decrypted whole. */
export const ENCRYPTED_RANGE_BYTES_MAX = 4 * 1024 * 1024;

/** Takes what the ranges of a recording hold. Each call answers, in words, what is wrong; null: nothing. */
export type RecordingContent = {
  take(part: Uint8Array): string | null;
  /** The parts so far are one range of the chain, and were hashed. */
  endRange(): Promise<string | null>;
  end(): string | null;
};

/** Plaintext of one age file, or null where no key fits. @throws for what is none */
export type Decrypt = (ciphertext: Uint8Array) => Promise<Uint8Array | null>;

export type CastDigest = { readonly bytes: number; readonly sha256: string };

/** Frames in the clear: they are well formed, and the asciicasts are derived again, as digests to compare. */
export class FrameContent implements RecordingContent {
  readonly #decoder = new FrameDecoder();
  readonly #writer = new AsciicastWriter();
  readonly #v2 = new RunningDigest();
  readonly #v3 = new RunningDigest();

  take(part: Uint8Array): string | null {
    return faultOf(() => {
      for (const frame of this.#decoder.push(part)) this.#derive(this.#writer.frame(frame));
    });
  }

  async endRange(): Promise<null> {
    return null;
  }

  end(): string | null {
    this.#derive(this.#writer.end());
    return faultOf(() => this.#decoder.end());
  }

  /** Of the casts that these frames make; after the end. */
  get casts(): { readonly cast: CastDigest; readonly 'v3.cast': CastDigest } {
    return { cast: this.#v2.digest(), 'v3.cast': this.#v3.digest() };
  }

  #derive({ v2, v3 }: { readonly v2: string; readonly v3: string }): void {
    this.#v2.update(v2);
    this.#v3.update(v3);
  }
}

/** Frames, encrypted range by range. Where no key fits it says so, once, and reads no more. */
export class EncryptedContent implements RecordingContent {
  readonly #decrypt: Decrypt;
  readonly #frames = new FrameDecoder();
  #parts: Buffer[] = [];
  #bytes = 0;
  /** No key that we have opens it. */
  unread = false;

  constructor(decrypt: Decrypt) {
    this.#decrypt = decrypt;
  }

  take(part: Uint8Array): string | null {
    this.#bytes += part.length;
    if (this.#bytes > ENCRYPTED_RANGE_BYTES_MAX) return `a range of it is longer than ${ENCRYPTED_RANGE_BYTES_MAX} bytes`;
    this.#parts.push(Buffer.from(part));
    return null;
  }

  async endRange(): Promise<string | null> {
    const ciphertext = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    if (this.unread) return null;
    let plaintext: Uint8Array | null;
    try {
      plaintext = await this.#decrypt(ciphertext);
    } catch {
      return 'a range of it is not an age file';
    }
    if (plaintext !== null) return faultOf(() => void this.#frames.push(plaintext));
    this.unread = true;
    return null;
  }

  end(): string | null {
    return this.unread ? null : faultOf(() => this.#frames.end());
  }
}

class RunningDigest {
  readonly #sha256: RunningSha256 = startSha256();
  #bytes = 0;

  update(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.#sha256.update(bytes);
    this.#bytes += bytes.length;
  }

  digest(): CastDigest {
    return { bytes: this.#bytes, sha256: this.#sha256.hex() };
  }
}

function faultOf(act: () => void): string | null {
  try {
    act();
    return null;
  } catch (cause) {
    if (cause instanceof FrameFault) return cause.message;
    throw cause;
  }
}
