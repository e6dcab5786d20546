import { type ChainState, chainEncoded, EMPTY_CHAIN, LINE_BYTES_MAX } from '#core/audit/chain.ts';
import { encodeEntry } from '#core/audit/encode-entry.ts';
import type { AuditEntry, CheckpointEntry } from '#core/audit/entry.ts';
import { startSha256 } from '#core/audit/sha256.ts';
import { auditFile, type FileDigest } from '#core/verify/manifest.ts';
import type { AuditLog, AuditResult, Clock } from '#session/ports.ts';
import { type EvidenceFolder, errorCode, type FileWriter, writeAll } from './evidence-folder.ts';

/** Most that may wait for one write, in characters of encoded entries and in entries. */
export const QUEUE_CHARS_MAX = 64 * 1024 * 1024;
export const QUEUE_ENTRIES_MAX = 65_536;

/** A file that would pass this is continued in another: archives and their readers have trouble with much larger ones. */
const FILE_BYTES_MAX = 1024 * 1024 * 1024;

/** How long an entry that nobody waits for may stay in memory: how an operation ended is not what lets it begin (P1). */
const UNAWAITED_MS_MAX = 20;

/** What a line has besides its entry: time, number, hash of the last. */
const ENVELOPE_BYTES_MAX = 256;

type Waiting = { readonly at: string; readonly text: string | null; readonly written: ((result: AuditResult) => void) | undefined };

export type AuditCounts = { readonly entries: number; readonly allowed: number; readonly refused: number; readonly masked: number };

/**
 * `audit.jsonl`. Entries are encoded at once, chained and written together with one write(2), at the end of what is
 * going on (those that nobody waits for within 20 ms), and only then reported as written: an act that waits for that is in the evidence
 * even if the gateway is killed while it happens (INVARIANT P1, R37). The first failure is final: nothing is reported as
 * written from then on (P2).
 */
export class AuditFile implements AuditLog {
  readonly #open: (path: string) => FileWriter;
  readonly #clock: Clock;
  readonly #fileBytesMax: number;
  readonly #digests: FileDigest[] = [];
  #writer: FileWriter;
  #sha256 = startSha256();
  #chain: ChainState = EMPTY_CHAIN;
  #first = '';
  #bytes = 0;
  #waiting: Waiting[] = [];
  #waitingChars = 0;
  #scheduled = false;
  #timer: NodeJS.Timeout | null = null;
  #failure: string | null = null;
  #end: AuditEnd | null = null;
  #lastMs = -1;
  #lastAt = '';
  #counts = { entries: 0, allowed: 0, refused: 0, masked: 0 };

  /** @param open makes a new file of the bundle: the first at once. */
  constructor(open: (path: string) => FileWriter, clock: Clock, fileBytesMax = FILE_BYTES_MAX) {
    this.#open = open;
    this.#clock = clock;
    this.#fileBytesMax = fileBytesMax;
    this.#writer = open(auditFile(1));
  }

  static create(folder: EvidenceFolder, clock: Clock, fileBytesMax?: number): AuditFile {
    return new AuditFile((path) => folder.createFile(path), clock, fileBytesMax);
  }

  append(entry: AuditEntry, written?: (result: AuditResult) => void): void {
    const text = this.#failure === null ? this.#encode(entry) : null;
    this.#waiting.push({ at: this.#now(), text, written });
    this.#waitingChars += text?.length ?? 0;
    if (text !== null) this.#count(entry);
    if (written === undefined) this.#flushSoon();
    else this.#flushNext();
  }

  /** As soon as what is going on has ended: all that one socket brought shares a write, and no socket waits for another. */
  #flushNext(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(() => this.flush());
  }

  /** Nobody waits for it, so it shares the next write of an entry that somebody waits for, if one comes soon. */
  #flushSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.flush();
    }, UNAWAITED_MS_MAX);
  }

  /** Writes what waits, now, and answers for it. */
  flush(): void {
    this.#scheduled = false;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#waitingChars = 0;
    const written = this.#write(batch);
    for (const [index, { written: answer }] of batch.entries()) {
      answer?.(index < written ? { ok: true } : { ok: false, why: this.#failure ?? 'the entry was not written' });
    }
  }

  /**
   * Writes what waits, and then what `sign` makes of the chain so far, as its next line; synced. Null when it could not be kept: then
   * nobody is to be shown it.
   */
  checkpoint(sign: (head: ChainState) => CheckpointEntry): { readonly head: ChainState; readonly entry: CheckpointEntry } | null {
    this.flush();
    if (this.#failure !== null) return null;
    const head = this.#chain;
    const entry = sign(head);
    this.#count(entry);
    if (this.#write([{ at: this.#now(), text: encodeEntry(entry), written: undefined }]) === 0) return null;
    return this.sync() === null ? { head, entry } : null;
  }

  /** Takes nothing more: some other part of the evidence cannot be kept (P2). What was taken before is still written. */
  fail(why: string): void {
    this.#failure ??= why;
  }

  /** Writes what waits and syncs it to the disk. Null, or why it could not. */
  sync(): string | null {
    this.flush();
    if (this.#failure !== null) return this.#failure;
    try {
      this.#writer.sync();
    } catch (cause) {
      this.#failure = `the audit file cannot be synced: ${errorCode(cause)}`;
    }
    return this.#failure;
  }

  /** Syncs and closes, once; answers the same ever after. What is appended later fails. */
  close(): AuditEnd {
    if (this.#end !== null) return this.#end;
    const failure = this.sync();
    this.#failure ??= 'the audit file is closed';
    clearTimeout(this.#timer ?? undefined);
    this.#endFile();
    this.#end = { failure, entries: this.#chain.entries, first: this.#first, last: this.#chain.last, digests: this.#digests };
    return this.#end;
  }

  #endFile(): void {
    this.#writer.close();
    this.#digests.push({ path: auditFile(this.#digests.length + 1), bytes: this.#bytes, sha256: this.#sha256.hex() });
  }

  #nextFile(): void {
    this.#writer.sync();
    // Before the last one is ended: if it cannot be made, that one is still there to be closed.
    const next = this.#open(auditFile(this.#digests.length + 2));
    this.#endFile();
    this.#writer = next;
    this.#sha256 = startSha256();
    this.#bytes = 0;
  }

  /** Lines written, and the hash of the last. */
  get head(): ChainState {
    return this.#chain;
  }

  get failure(): string | null {
    return this.#failure;
  }

  /** Entries taken so far, written or waiting, and the decisions and masked values in them. */
  get counts(): AuditCounts {
    return { ...this.#counts };
  }

  /** Null, and a failure, for an entry that cannot be kept. */
  #encode(entry: AuditEntry): string | null {
    try {
      const text = encodeEntry(entry);
      // Bytes can be three times the characters; only near the limit is it worth counting them.
      if (text.length > LINE_BYTES_MAX / 4 && Buffer.byteLength(text) > LINE_BYTES_MAX - ENVELOPE_BYTES_MAX) {
        throw new RangeError(`an entry is longer than ${LINE_BYTES_MAX} bytes`);
      }
      if (this.#waiting.length < QUEUE_ENTRIES_MAX && this.#waitingChars + text.length <= QUEUE_CHARS_MAX) return text;
      this.#failure = 'too many entries wait to be written';
    } catch (cause) {
      this.#failure = cause instanceof RangeError ? cause.message : 'an entry has no canonical form';
    }
    return null;
  }

  /** How many of the batch were written: all, or those before the first that was not taken. */
  #write(batch: readonly Waiting[]): number {
    let text = '';
    let chain = this.#chain;
    let first = this.#first;
    let taken = 0;
    for (const { at, text: entry } of batch) {
      if (entry === null) break;
      const next = chainEncoded(chain, at, entry);
      if (chain.entries === 0) first = next.state.last;
      chain = next.state;
      text += `${next.line}\n`;
      taken += 1;
    }
    if (taken === 0 || !this.#handOver(text)) return 0;
    this.#chain = chain;
    this.#first = first;
    return taken;
  }

  #handOver(text: string): boolean {
    const bytes = Buffer.from(text, 'utf8');
    try {
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#fileBytesMax) this.#nextFile();
      writeAll(this.#writer, bytes);
    } catch (cause) {
      this.#failure = `the audit file cannot be written: ${errorCode(cause)}`;
      return false;
    }
    this.#sha256.update(bytes);
    this.#bytes += bytes.length;
    return true;
  }

  #count(entry: AuditEntry): void {
    this.#counts.entries += 1;
    if (entry.kind === 'outcome') this.#counts.masked += entry.masked;
    // What waits for approval is counted when it is let go on, or not.
    if ((entry.kind !== 'decision' && entry.kind !== 'release') || entry.outcome === 'hold') return;
    this.#counts[entry.outcome === 'allow' ? 'allowed' : 'refused'] += 1;
  }

  /** The clock's time; written out once for all entries of the same millisecond. */
  #now(): string {
    const ms = this.#clock.nowMs();
    if (ms !== this.#lastMs) {
      this.#lastMs = ms;
      this.#lastAt = new Date(ms).toISOString();
    }
    return this.#lastAt;
  }
}

export type AuditEnd = {
  /** Null when every entry taken is on the disk. */
  readonly failure: string | null;
  readonly entries: number;
  /** Hashes of the first and last line. */
  readonly first: string;
  readonly last: string;
  readonly digests: readonly FileDigest[];
};
