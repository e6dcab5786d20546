import { isCanonicalJson } from '#core/audit/canonical-json.ts';
import { EMPTY_CHAIN, LINE_BYTES_MAX } from '#core/audit/chain.ts';
import { describe, LineEnvelope, readEntry } from '#core/audit/entry-schema.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { EntryRules } from './entry-rules.ts';
import { LineSplitter } from './lines.ts';
import { AUDIT_FILE, decodeUtf8 } from './manifest.ts';
import type { Problem } from './verification.ts';

/**
 * Reads `audit.jsonl` in pieces: each line's form, its place in the chain, and what its entry may say there. Stops at the
 * first problem: past a break in the chain nothing can be relied on.
 */
export class AuditCheck {
  readonly rules = new EntryRules();
  readonly #lines = new LineSplitter(LINE_BYTES_MAX, (line) => this.#line(line));
  #entries = EMPTY_CHAIN.entries;
  #first = EMPTY_CHAIN.last;
  #last = EMPTY_CHAIN.last;
  #from: string | null = null;
  #to: string | null = null;
  #clockWentBack = 0;
  #problem: Problem | null = null;

  push(piece: Uint8Array): void {
    if (this.#problem !== null) return;
    if (!this.#lines.push(piece)) this.#fail('entry', `it is longer than ${LINE_BYTES_MAX} bytes`);
  }

  /** Number of intact entries, hashes of the first and the last of them. */
  get chain(): { readonly entries: number; readonly first: string; readonly last: string } {
    return { entries: this.#entries, first: this.#first, last: this.#last };
  }

  get times(): { readonly from: string | null; readonly to: string | null; readonly wentBack: number } {
    return { from: this.#from, to: this.#to, wentBack: this.#clockWentBack };
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Bytes of a last line without its LF. */
  get tornBytes(): number {
    return this.#lines.tornBytes;
  }

  #line(bytes: Buffer): void {
    if (this.#problem !== null) return;
    const line = this.#parse(bytes);
    if (line === null || !this.#isNext(line)) return;
    const read = readEntry(line.entry);
    if ('problem' in read) return this.#fail('entry', `its ${line.entry.kind} entry is malformed: ${read.problem}`);
    const broken = this.rules.take(line.n, read);
    if (broken !== null) return this.#fail(broken.code, broken.what);
    this.#accept(line, sha256Hex(bytes));
  }

  #parse(bytes: Buffer): LineEnvelope | null {
    const text = decodeUtf8(bytes);
    if (text === null) return this.#failed('entry', 'it is not UTF-8');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return this.#failed('entry', 'it is not JSON');
    }
    if (!isCanonicalJson(text, value)) return this.#failed('entry', 'it is not canonical JSON (RFC 8785)');
    const parsed = LineEnvelope.safeParse(value);
    return parsed.success ? parsed.data : this.#failed('entry', `it is malformed: ${describe(parsed.error)}`);
  }

  #isNext({ n, prev }: LineEnvelope): boolean {
    const expected = this.#entries;
    if (n > expected) this.#fail('chain', `the line is number ${n}: entries are missing, or out of order`);
    else if (n < expected) this.#fail('chain', `the line is number ${n} again: an entry is repeated, out of order, or the chain forks`);
    else if (prev !== this.#last)
      this.#fail('chain', 'it does not follow the line before it: one of the two was changed, or the chain forks');
    return this.#problem === null;
  }

  #accept({ at }: LineEnvelope, hash: string): void {
    if (this.#entries === 0) {
      this.#first = hash;
      this.#from = at;
    }
    if (this.#to !== null && at < this.#to) this.#clockWentBack += 1;
    this.#to = at;
    this.#last = hash;
    this.#entries += 1;
  }

  #failed(code: Problem['code'], what: string): null {
    this.#fail(code, what);
    return null;
  }

  #fail(code: Problem['code'], what: string): void {
    this.#problem = { code, where: `${AUDIT_FILE} entry ${this.#entries}`, what };
  }
}
