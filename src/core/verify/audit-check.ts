import { isCanonicalJson } from '#core/audit/canonical-json.ts';
import { EMPTY_CHAIN, LINE_BYTES_MAX } from '#core/audit/chain.ts';
import type { Checkpoint } from '#core/audit/checkpoint.ts';
import { describe, LineEnvelope, readEntry } from '#core/audit/entry-schema.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { EntryRules, type Place } from './entry-rules.ts';
import type { KnownKeys } from './issuer-keys.ts';
import { LineSplitter } from './lines.ts';
import { LogCheck } from './log-check.ts';
import { AUDIT_FILE, decodeUtf8 } from './manifest.ts';
import { PlainLines } from './plain-line.ts';
import type { Problem } from './verification.ts';

/**
 * Reads `audit.jsonl` and its continuations in pieces: each line's form, its place in the chain, and what its entry may say
 * there; and that it is the chain which a log shows. Stops at the first problem: past a break nothing can be relied on.
 */
export class AuditCheck {
  readonly rules: EntryRules;
  readonly log: LogCheck;
  readonly #plain = new PlainLines();
  readonly #lines = new LineSplitter(LINE_BYTES_MAX, (line) => this.#line(line));
  #entries = EMPTY_CHAIN.entries;
  #first = EMPTY_CHAIN.last;
  #last = EMPTY_CHAIN.last;
  #from: string | null = null;
  #to: string | null = null;
  #clockWentBack = 0;
  #problem: Problem | null = null;

  /** @param log checkpoints that a log shows, whoever wrote them. */
  constructor(keys: KnownKeys, log: readonly Checkpoint[] = []) {
    this.rules = new EntryRules(keys);
    this.log = new LogCheck(log);
  }

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
    const text = decodeUtf8(bytes);
    if (text === null) return this.#fail('entry', 'it is not UTF-8');
    const plain = this.#plain.read(text);
    if (plain !== null) return this.#entry(plain, { known: true, entry: plain.entry }, bytes);
    const line = this.#parse(text);
    if (line === null) return;
    const read = readEntry(line.entry);
    if ('problem' in read) return this.#fail('entry', `its ${line.entry.kind} entry is malformed: ${read.problem}`);
    if (line.entry.kind === 'decision') this.#plain.learn(text);
    this.#entry(line, read, bytes);
  }

  #entry(line: Place, read: Parameters<EntryRules['take']>[1], bytes: Buffer): void {
    if (!this.#isNext(line)) return;
    const broken = this.rules.take(line, read);
    if (broken !== null) return this.#fail(broken.code, broken.what);
    const hash = sha256Hex(bytes);
    if (line.n === 0 && this.rules.session !== null) this.log.begin(this.rules.session);
    if (!this.log.isLine(line.n + 1, hash)) return this.#fail('checkpoint', 'it is not the entry that the log shows as signed');
    this.#accept(line, hash);
  }

  #parse(text: string): LineEnvelope | null {
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

  #isNext({ n, prev }: Place): boolean {
    const expected = this.#entries;
    if (n > expected) this.#fail('chain', `the line is number ${n}: entries are missing, or out of order`);
    else if (n < expected) this.#fail('chain', `the line is number ${n} again: an entry is repeated, out of order, or the chain forks`);
    else if (prev !== this.#last)
      this.#fail('chain', 'it does not follow the line before it: one of the two was changed, or the chain forks');
    return this.#problem === null;
  }

  #accept({ at }: Place, hash: string): void {
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
