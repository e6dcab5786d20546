import { type Checkpoint, findCheckpoints, isGoodCheckpoint } from '#core/audit/checkpoint.ts';
import { LineSplitter } from './lines.ts';
import type { SessionFacts } from './verification.ts';

/** Checkpoints of one log that are looked at. */
export const LOG_CHECKPOINTS_MAX = 100_000;
/** Longer lines of a log are nothing of ours, and are passed over. */
const LOG_LINE_BYTES_MAX = 1024 * 1024;

/** Finds checkpoints in a step's log that comes in pieces. Anybody can write into one: nothing is believed yet. */
export class LogScan {
  readonly found: Checkpoint[] = [];
  /** There are more than are looked at: what they show is not known. */
  isTooMuch = false;
  #lines = this.#splitter();

  push(piece: Uint8Array): void {
    // What follows a line that is too long begins anew with the next piece: a checkpoint cut in two there is not found, which is no harm.
    if (!this.#lines.push(piece)) this.#lines = this.#splitter();
  }

  end(): readonly Checkpoint[] {
    this.#lines.push(Buffer.from('\n'));
    return this.found;
  }

  #splitter(): LineSplitter {
    return new LineSplitter(LOG_LINE_BYTES_MAX, (line) => {
      if (!line.includes('dgc1.')) return;
      for (const each of findCheckpoints(line.toString('latin1'))) {
        if (this.found.length < LOG_CHECKPOINTS_MAX) this.found.push(each);
        else this.isTooMuch = true;
      }
    });
  }
}

/**
 * Holds a chain against the checkpoints that left the runner while it was written (R36): whoever took away its end, or wrote it
 * anew with the evidence key, could not take those back.
 */
export class LogCheck {
  readonly #shown: readonly Checkpoint[];
  /** Hashes of the last of so many lines. */
  readonly #expected = new Map<number, Set<string>>();
  /** Checkpoints that the session's own key signed. */
  genuine = 0;

  constructor(shown: readonly Checkpoint[]) {
    this.#shown = shown;
  }

  begin({ session, evidenceKey }: SessionFacts): void {
    for (const each of this.#shown) {
      if (each.session !== session || each.entries === 0 || !isGoodCheckpoint(each, evidenceKey)) continue;
      this.genuine += 1;
      const hashes = this.#expected.get(each.entries) ?? new Set();
      this.#expected.set(each.entries, hashes.add(each.last));
    }
  }

  /** Whether the line that makes the chain `entries` long is the one that was shown, where one was. */
  isLine(entries: number, hash: string): boolean {
    const shown = this.#expected.get(entries);
    if (shown === undefined) return true;
    this.#expected.delete(entries);
    return shown.size === 1 && shown.has(hash);
  }

  /** The most lines that were shown and not seen; null: all were. */
  get missing(): number | null {
    return this.#expected.size === 0 ? null : [...this.#expected.keys()].reduce((most, entries) => Math.max(most, entries), 0);
  }
}
