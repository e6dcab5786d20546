import { judgeCommand } from './log-guard-commands.ts';
import { cleanHead, HEAD_BYTES } from './log-guard-head.ts';
import { beginsLikeness, Likeness } from './log-guard-likeness.ts';
import { isLineEnd, LINE_START, nextPlace, type Place } from './log-guard-place.ts';

const MARK = Buffer.from('(printed inside) ');
const NOTHING = Buffer.alloc(0);
const COLON = 0x3a;
const HASH = 0x23;

/**
 * Stands between what a wrapped command prints and the step's log (R36): inside, everything is written by others. It may not
 * command the runner beyond its own lines, nor speak for us. The command of a line that does is replaced, with the rest of
 * that line, by a line of ours without its value; what looks like ours is marked as printed inside. All else passes as it is.
 *
 * No line is ever held, however long: what is held is the beginning of a command's name (CANDIDATE_BYTES_MAX), and the
 * output's first two bytes until a third comes. The result does not depend on how the output is cut into pushes.
 */
export class LogGuard {
  /** How many of each command were not passed on. */
  readonly withheld: ReadonlyMap<string, number>;
  readonly #withheld = new Map<string, number>();
  readonly #likeness = new Likeness();
  /** The first bytes while they are too few: of the input, and of the output, which may be fewer. Null: behind us. */
  #head: Buffer | null = NOTHING;
  #opening: Buffer | null = NOTHING;
  /** What may still become a command to withhold. */
  #held: Buffer = NOTHING;
  #place: Place = LINE_START;
  /** Within a line whose rest is not passed on. */
  #isDropping = false;

  constructor() {
    this.withheld = this.#withheld;
  }

  /** What to pass on now: the very bytes, where nothing in them matters. */
  push(bytes: Uint8Array): Buffer {
    const input = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#head === null) return this.#open(this.#filter(input, false));
    const { kind, bytes: clean } = cleanHead(join(this.#head, input), false);
    this.#head = kind === 'short' ? Buffer.from(clean) : null;
    return kind === 'short' ? NOTHING : this.#open(this.#filter(clean, false));
  }

  /** What was held at the end of the output. */
  end(): Buffer {
    const last = this.#filter(this.#head === null ? NOTHING : cleanHead(this.#head, true).bytes, true);
    const opening = this.#opening ?? NOTHING;
    this.#head = null;
    this.#opening = null;
    return join(opening, last);
  }

  /** INVARIANT (R36): the first bytes that go out are HEAD_BYTES or more, at once: the runner's reader keeps to UTF-8. */
  #open(output: Buffer): Buffer {
    if (this.#opening === null) return output;
    const opening = join(this.#opening, output);
    const isEnough = opening.length >= HEAD_BYTES;
    this.#opening = isEnough ? null : Buffer.from(opening);
    return isEnough ? opening : NOTHING;
  }

  #filter(bytes: Buffer, isEnd: boolean): Buffer {
    const input = join(this.#held, bytes);
    this.#held = NOTHING;
    const passed = new Passed(input);
    let at = 0;
    while (at < input.length) {
      if (this.#isDropping) {
        at = lineEnd(input, at);
        passed.skipTo(at);
        this.#isDropping = at === input.length;
      } else if (this.#place === null && this.#likeness.isIdle && !isNotable(input, at)) {
        at = nextNotable(input, at + 1);
      } else if (this.#place === LINE_START && this.#likeness.isIdle && isBlank(input[at])) {
        at = blanksEnd(input, at + 1);
      } else {
        const judged = this.#judge(input, at);
        if (judged === 'undecided' && !isEnd) {
          // A copy: whoever pushes may use their memory again.
          this.#held = Buffer.from(input.subarray(at));
          return passed.upTo(at);
        }
        if (judged instanceof Buffer) passed.insert(at, judged);
        else if (this.#step(input[at] ?? 0)) passed.insert(at + 1, MARK);
        at += this.#isDropping ? 0 : 1;
      }
    }
    return passed.upTo(at);
  }

  /** What stands in the log instead of a command that begins here, if one does. */
  #judge(input: Buffer, at: number): Buffer | 'passed' | 'undecided' {
    const byte = input[at];
    const isOpener = byte === HASH || (byte === COLON && this.#place === LINE_START);
    if (!isOpener) return 'passed';
    const judged = judgeCommand(input, at);
    if (judged.kind !== 'withheld') return judged.kind;
    const { name } = judged;
    this.#withheld.set(name, (this.#withheld.get(name) ?? 0) + 1);
    this.#isDropping = true;
    // Apart from what is before it in the line: `##` and `[` would open a command again.
    const gap = this.#place === LINE_START ? '' : ' ';
    return Buffer.from(`${gap}[duty-gate: a workflow command "${name}" from inside was not passed on]`);
  }

  /** True when what was printed looks like ours with this byte. */
  #step(byte: number): boolean {
    this.#place = nextPlace(this.#place, byte);
    return this.#likeness.isCompletedBy(byte);
  }
}

/** What of an input goes on: parts of it, with others between them; the input itself if it is all. */
class Passed {
  readonly #input: Buffer;
  readonly #parts: Buffer[] = [];
  #from = 0;

  constructor(input: Buffer) {
    this.#input = input;
  }

  insert(at: number, bytes: Buffer): void {
    this.#parts.push(this.#input.subarray(this.#from, at), bytes);
    this.#from = at;
  }

  skipTo(at: number): void {
    // Nothing of it, but no longer the input itself.
    if (at > this.#from) this.#parts.push(NOTHING);
    this.#from = at;
  }

  upTo(end: number): Buffer {
    const input = this.#input;
    if (this.#parts.length > 0) return Buffer.concat([...this.#parts, input.subarray(this.#from, end)]);
    return end === input.length ? input : input.subarray(0, end);
  }
}

function join(first: Buffer, second: Buffer): Buffer {
  return first.length === 0 ? second : Buffer.concat([first, second]);
}

function lineEnd(input: Buffer, from: number): number {
  for (let at = from; at < input.length; at += 1) if (isLineEnd(input[at] ?? 0)) return at;
  return input.length;
}

/** The blanks that indent; other white space is followed byte by byte. */
function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

function blanksEnd(input: Buffer, from: number): number {
  let at = from;
  while (isBlank(input[at])) at += 1;
  return at;
}

/** Behind a line's start, with nothing begun, only these bytes begin anything, and only before some: [byte << 8 | next]. */
const NOTABLE_FIRST = new Uint8Array(256);
const NOTABLE = new Uint8Array(256 * 256);
for (let byte = 0; byte < 256; byte += 1) {
  for (let next = 0; next < 256; next += 1) {
    const beginsBlankOrCommand = isLineEnd(byte) && (next === COLON || next === HASH || LINE_START.has(next));
    if (!beginsBlankOrCommand && !(byte === HASH && next === HASH) && !beginsLikeness(byte, next)) continue;
    NOTABLE_FIRST[byte] = 1;
    NOTABLE[(byte << 8) | next] = 1;
  }
}

/** A last byte counts if anything could follow that matters. */
function isNotable(input: Buffer, at: number): boolean {
  const byte = input[at] ?? 0;
  if (NOTABLE_FIRST[byte] === 0) return false;
  const next = input[at + 1];
  return next === undefined || NOTABLE[(byte << 8) | next] === 1;
}

function nextNotable(input: Buffer, from: number): number {
  let at = from;
  const end = input.length;
  while (at < end && (NOTABLE_FIRST[input[at] ?? 0] === 0 || !isNotable(input, at))) at += 1;
  return at;
}
